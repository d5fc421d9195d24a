"""What is judged of values from what was collected, and what that changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Asset, Credential, KnownBlob, Secret
from inventory.services import judge_validity, learn_validity, work_out_severities
from posture.common.fingerprint import load_key
from posture.common.secret_value import SecretValue
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    SecretFactory,
    SourceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

ID_RULE, SECRET_RULE = "aws-access-key-id", "aws-secret-access-key"


@pytest.fixture
def key(settings, tmp_path):
    """The fingerprint key of this installation."""
    settings.FINGERPRINT_KEY_FILE = tmp_path / "fingerprint.key"
    return load_key(settings.FINGERPRINT_KEY_FILE, create=True)


@pytest.fixture
def account():
    """An account at AWS that was read to the end just now."""
    return AssetFactory(
        kind="account", source=SourceFactory(kind="aws", config={}), last_complete_at=timezone.now() + timedelta(days=1)
    )


@pytest.fixture
def access_key(account):
    """Makes access keys of a user."""

    def made(name, **facts):
        given = {"kind": "cloud-key", "enabled": True} | facts
        return SecretFactory(asset=account, path=f"iam/user/ann/access-key/{name}", **given)

    return made


@pytest.fixture
def found(key):
    """Makes a version of a file in which a secret was found, with the ids of keys beside it."""
    repository = AssetFactory()

    def made(*names, path="deploy.sh", blob="", secret=None):
        secret = secret or CredentialFactory(rule=SECRET_RULE, provider="aws", kind="cloud-key", key_id=key.key_id)
        place = ExposureFactory(
            asset=repository, credential=secret, path=path, **({"first_blob": blob} if blob else {})
        )
        ids = [key.fingerprint(SecretValue(name.encode())) for name in names]
        for fingerprint in ids:
            row, _ = Credential.objects.get_or_create(
                fingerprint=fingerprint,
                key_id=key.key_id,
                defaults={"rule": ID_RULE, "provider": "aws", "kind": "cloud-key", "confidence": "high"},
            )
            if not row.exposures.filter(path=path).exists():
                ExposureFactory(asset=repository, credential=row, path=path, first_blob=place.first_blob)
        told = [[ID_RULE, each, key.key_id, 1, 1, "high", False, 20] for each in ids]
        KnownBlob.objects.create(asset=repository, blob=place.first_blob, size=99, findings=told)
        return secret

    return made


def judged(credential):
    judge_validity()
    credential.refresh_from_db()
    return credential


def name(letter):
    return "AKIA" + letter * 16


def test_a_found_key_id_is_judged_by_its_account(access_key, found, key):
    row = access_key(name("A"), enabled=False)
    found(name("A"))
    identifier = Credential.objects.get(rule=ID_RULE)

    judged(identifier)

    assert (identifier.validity, identifier.validity_at) == ("invalid", row.last_seen_at)
    assert (identifier.validity_by, identifier.validity_secret) == ("inventory", row)
    assert identifier.validity_reason == "Its account says that the access key is switched off."
    assert identifier.validity_until is not None


def test_a_found_secret_is_judged_by_the_key_id_beside_it(access_key, found):
    access_key(name("A"), gone_at=timezone.now())
    secret = judged(found(name("A")))

    assert (secret.validity, secret.validity_until) == ("invalid", None)
    assert secret.validity_reason.startswith("By the key id beside it:")


def test_a_key_that_took_a_dead_ones_place_in_the_file_does_not_bring_that_back(access_key, found):
    access_key(name("A"), enabled=False)
    access_key(name("B"))
    old, new = found(name("A")), found(name("B"))

    judge_validity()

    assert judged(old).validity == "invalid"
    assert (judged(new).validity, new.accepted_at is None) == ("valid", False)


def test_a_dead_key_id_put_beside_a_secret_in_another_file_does_not_make_it_dead(access_key, found):
    access_key(name("A"))
    access_key(name("B"), enabled=False)
    secret = found(name("A"))
    found(name("B"), path="other.sh", secret=secret)

    assert judged(secret).validity == "unknown"


def test_a_key_id_of_no_account_that_is_read_leaves_its_secret_unknown(access_key, found):
    access_key(name("A"), enabled=False)

    assert judged(found(name("A"), name("C"))).validity == "unknown"


def test_a_secret_in_a_version_of_a_stored_secret_is_judged_by_the_key_id_in_it(access_key, found, key):
    access_key(name("A"), enabled=False)
    found(name("A"))
    secret = CredentialFactory(rule=SECRET_RULE, provider="aws", kind="cloud-key", key_id=key.key_id)
    holding = HoldingFactory(credential=secret)
    HoldingFactory(version=holding.version, key="id", credential=Credential.objects.get(rule=ID_RULE))

    assert judged(secret).validity == "invalid"


def test_where_no_account_is_read_nothing_can_be_checked(found):
    assert judged(found(name("A"))).validity == "unknown"
    Credential.objects.update(validity_due=True)
    SourceFactory._meta.model.objects.update(enabled=False)
    plain = CredentialFactory()

    assert judged(plain).validity == "cannot_check"


def test_a_key_read_anew_is_judged_anew_with_its_secret_and_rated_again(access_key, found, account):
    row = access_key(name("A"))
    secret = judged(found(name("A")))
    work_out_severities()
    Credential.objects.update(incident_due=False)

    Secret.objects.filter(pk=row.pk).update(enabled=False)
    Asset.objects.filter(pk=account.pk).update(validity_due=True)

    assert judged(secret).validity == "invalid"
    assert (secret.severity_due, secret.incident_due, secret.validity_due) == (True, True, False)
    assert not Asset.objects.filter(validity_due=True).exists()


def test_judging_again_changes_nothing(access_key, found):
    access_key(name("A"))
    secret = judged(found(name("A")))
    work_out_severities()
    Credential.objects.update(incident_due=False, validity_due=True)

    before = Credential.objects.values().get(pk=secret.pk)
    judge_validity()

    assert Credential.objects.values().get(pk=secret.pk) == before | {"validity_due": False}
    assert judge_validity() == 0


def test_what_was_not_read_again_in_time_is_forgotten_but_not_that_it_was_accepted(access_key, found, settings):
    row = access_key(name("A"))
    secret = judged(found(name("A")))
    accepted = secret.accepted_at
    work_out_severities()
    old = timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS + 1)
    Secret.objects.filter(pk=row.pk).update(last_seen_at=old)
    Credential.objects.filter(pk=secret.pk).update(validity_until=old, validity_at=old)

    judged(secret)

    assert (secret.validity, secret.validity_at, secret.accepted_at) == ("unknown", old, accepted)
    assert secret.validity_reason.startswith("Not known since")


def test_a_newer_word_of_a_person_stands_until_something_newer_is_collected(access_key, found):
    row = access_key(name("A"))
    secret = judged(found(name("A")))
    at = timezone.now() + timedelta(minutes=1)

    assert learn_validity(credential=secret.pk, validity="invalid", at=at, by="person", reason="I deleted it.")
    assert (judged(secret).validity, secret.validity_by) == ("invalid", "person")

    Secret.objects.filter(pk=row.pk).update(last_seen_at=at + timedelta(minutes=1))
    Credential.objects.update(validity_due=True)

    assert (judged(secret).validity, secret.validity_by) == ("valid", "inventory")


def test_an_older_word_does_not_replace_a_newer_one(access_key, found):
    access_key(name("A"))
    secret = judged(found(name("A")))
    at = timezone.now() - timedelta(days=2)

    assert not learn_validity(credential=secret.pk, validity="invalid", at=at, by="check", reason="It was refused.")
    assert judged(secret).validity == "valid"


def test_w27_a_guessable_value_is_judged_only_where_one_team_has_all_its_places():
    team = TeamFactory()
    vault = AssetFactory(kind="vault", source=SourceFactory(kind="vault", config={}), team=team)
    role = SecretFactory(asset=vault, path="static-creds/app", kind="database-password", team=team)
    held = HoldingFactory(version__secret=role, credential=CredentialFactory(weak=True)).credential
    ExposureFactory(credential=held, asset__team=team)

    assert judged(held).validity == "valid"

    guess = ExposureFactory(credential=held, asset__team=TeamFactory())
    Credential.objects.update(validity_due=True)

    assert (judged(held).validity, held.validity_reason) == (
        "cannot_check",
        "It can be guessed, and stands with several teams, which are not compared.",
    )
    assert not learn_validity(
        credential=guess.credential_id, validity="valid", at=timezone.now(), by="person", reason="It works."
    )


def test_many_values_are_judged_with_as_many_queries_as_few(access_key, found, django_assert_max_num_queries):
    for letter in "ABCDEFGH":
        access_key(name(letter), enabled=False)
        found(name(letter), path=f"{letter}.sh")

    with django_assert_max_num_queries(30):
        assert judge_validity() >= 16

    assert Credential.objects.filter(validity="invalid").count() == 16


def test_a_value_that_was_accepted_stays_as_bad_when_nobody_tells_any_more():
    exposure = ExposureFactory()
    told = {"validity": "unknown", "accepted_at": timezone.now() - timedelta(days=9), "severity_due": True}
    Credential.objects.filter(pk=exposure.credential_id).update(**told)

    work_out_severities()

    row = Credential.objects.get()
    assert (row.severity, row.severity_reason.endswith("is not known to have stopped.")) == ("high", True)
