"""Over which secrets and environments a value is spread, kept up to date by the pipeline; where identities can read."""

from inventory.models import Credential, OwnershipRule, Principal, Secret, Spread
from inventory.services import count_readers, remove_source, work_out_owners, work_out_severities
from inventory.store_records import Capability, GrantRecord, Matching, PrincipalKind, PrincipalRecord
from posture.accounts.visibility import visible
from tests.factories import AssetFactory, CredentialFactory, HoldingFactory, MembershipFactory, SecretFactory
from tests.inventory.test_store_sync import can_read, collect, reading, stored
from tests.inventory.test_sync import script
from tests.scripted import done, finding


def kept(path, environment, *numbers):
    """Say of a secret in which environment it is."""
    told = {"evidence": {"environment": "label"}} if environment else {}
    return stored(path, *(numbers or ("1",)), environment=environment, **told)


def spread_of(name="value"):
    """Return how the inventory says that a value is spread over all teams, None where it is in one secret alone."""
    rows = Spread.objects.filter(credential__fingerprint=finding(name).fingerprint, team=None)
    return {row.secrets: row.environments for row in rows} or None


def test_a_value_in_one_secret_alone_has_no_spread(scripted, source):
    script(scripted, reading(kept("a", "production")), reading(kept("b", "staging"), "other"), done())
    collect(source)

    work_out_severities()

    assert Spread.objects.count() == 0


def test_a_value_in_several_secrets_says_in_which_environments(scripted, source):
    script(
        scripted,
        reading(kept("a", "production")),
        reading(kept("b", "production")),
        reading(kept("c", "staging")),
        reading(kept("d", "")),
        done(),
    )
    collect(source)

    work_out_severities()

    assert spread_of() == {4: {"": 1, "production": 2, "staging": 1}}
    value = [Credential.objects.get()]
    assert list(Credential.objects.reused()) == list(Credential.objects.cross_environment()) == value


def test_an_unknown_environment_is_no_second_one(scripted, source):
    script(scripted, reading(kept("a", "production")), reading(kept("b", "")), done())
    collect(source)

    assert Credential.objects.reused().count() == 1
    assert Credential.objects.cross_environment().count() == 0


def test_a_superseded_version_and_a_secret_that_is_gone_spread_nothing(scripted, source):
    script(scripted, reading(kept("a", "production")), reading(kept("b", "staging")), done())
    collect(source)
    work_out_severities()
    assert spread_of() == {2: {"production": 1, "staging": 1}}
    script(scripted, reading(kept("a", "production", "1", "2"), "new"), reading(kept("b", "staging")), done())
    collect(source)
    work_out_severities()
    assert spread_of() is None

    script(scripted, reading(kept("a", "production", "1", "2"), "new"), reading(kept("c", "", "1"), "new"), done())
    collect(source)
    work_out_severities()
    assert spread_of("new") == {2: {"": 1, "production": 1}}
    script(scripted, kept("a", "production", "1", "2"), done())
    collect(source)
    work_out_severities()
    assert spread_of("new") is None


def held_elsewhere(environment="staging"):
    """Have a store that is not read again hold the value too."""
    value = Credential.objects.get(fingerprint=finding("value").fingerprint)
    HoldingFactory(credential=value, version__secret__environment=environment)


def test_a_version_read_again_with_another_value_frees_the_old_one(scripted, source):
    script(scripted, reading(kept("a", "production")), done())
    collect(source)
    held_elsewhere()
    work_out_severities()
    assert spread_of() == {2: {"production": 1, "staging": 1}}

    script(scripted, reading(kept("a", "production"), "new"), done())
    collect(source)
    work_out_severities()

    assert spread_of() is None


def test_a_secret_that_comes_back_by_name_alone_counts_again(scripted, source):
    script(scripted, reading(kept("a", "production")), done())
    collect(source)
    held_elsewhere()
    Secret.objects.filter(path="a").update(gone_at="2026-11-01T00:00Z")
    work_out_severities()
    assert spread_of() is None

    script(scripted, stored("a", environment="production", named_only=True), done())
    collect(source)
    work_out_severities()

    assert spread_of() == {2: {"production": 1, "staging": 1}}


def test_removing_a_source_takes_its_secrets_out_of_the_spread(source):
    value = CredentialFactory()
    for asset in (AssetFactory(source=source), AssetFactory()):
        HoldingFactory(credential=value, version__secret__asset=asset)
    work_out_severities()
    assert Spread.objects.count() == 1

    remove_source(source=source)
    work_out_severities()

    assert Spread.objects.count() == 0


def test_w27_a_team_is_told_of_the_spread_over_its_own_secrets_alone(db):
    value = CredentialFactory()
    member = MembershipFactory()
    for team, environment in ((member.team, "production"), (member.team, "staging"), (None, "test")):
        HoldingFactory(
            credential=value, version__secret__environment=environment, version__secret__asset=AssetFactory(team=team)
        )
    HoldingFactory(
        credential=value,
        version__secret__environment="development",
        version__secret__asset__team=MembershipFactory().team,
    )

    work_out_severities()

    own = visible(Spread.objects.all(), member.user).get()
    assert (own.secrets, own.environments) == (2, {"production": 1, "staging": 1})
    everything = Spread.objects.get(team=None)
    assert everything.secrets == 4
    assert set(everything.environments) == {"production", "staging", "test", "development"}


def test_one_secret_with_the_value_under_two_keys_is_one_place(db):
    first = HoldingFactory()
    HoldingFactory(version=first.version, key="password_again", credential=first.credential)

    work_out_severities()

    assert Spread.objects.count() == 0


def test_working_out_again_writes_nothing_new(db, django_assert_max_num_queries):
    value = CredentialFactory()
    for _ in range(3):
        HoldingFactory(credential=value)
    work_out_severities()
    before = list(Spread.objects.values())
    Credential.objects.update(severity_due=True)

    work_out_severities()

    assert list(Spread.objects.values()) == before


def test_an_identity_is_told_in_which_environments_it_can_read(scripted, source):
    script(
        scripted,
        kept("pay/a", "production"),
        kept("pay/b", "staging"),
        kept("web/c", ""),
        PrincipalRecord("all", PrincipalKind.ROLE, "all"),
        PrincipalRecord("app", PrincipalKind.WORKLOAD, "app", member_of=("all",)),
        PrincipalRecord("one", PrincipalKind.WORKLOAD, "one"),
        PrincipalRecord("sometimes", PrincipalKind.WORKLOAD, "sometimes"),
        PrincipalRecord("nobody", PrincipalKind.WORKLOAD, "nobody"),
        can_read("all", "kv/data/*"),
        can_read("one", "kv/data/pay/a"),
        GrantRecord("sometimes", "kv/data/*", Matching.VAULT, (Capability.READ,), "rule", condition="at night"),
        done(),
    )
    collect(source)

    count_readers()

    assert dict(Principal.objects.values_list("name", "reads_in")) == {
        "all": None,
        "app": ["", "production", "staging"],
        "one": ["production"],
        "sometimes": [],
        "nobody": None,
    }


def test_a_rule_that_moves_secrets_to_another_environment_moves_what_identities_read(scripted, source):
    script(
        scripted,
        stored("pay/a", "1"),
        PrincipalRecord("app", PrincipalKind.WORKLOAD, "app"),
        can_read("app", "kv/data/*"),
        done(),
    )
    collect(source)
    work_out_owners()
    count_readers()
    assert Principal.objects.get().reads_in == [""]
    OwnershipRule.objects.create(match="secret:**", environment="production")
    source.assets.update(owner_due=True)

    work_out_owners()
    count_readers()

    assert Principal.objects.get().reads_in == ["production"]


def test_secrets_of_one_team_in_one_environment_only_are_reused_within_it(db):
    value = CredentialFactory()
    team = MembershipFactory().team
    for _ in range(2):
        HoldingFactory(credential=value, version__secret=SecretFactory(asset__team=team, environment="production"))

    work_out_severities()

    assert {row.shape for row in Spread.objects.all()} == {'[["production", 2]]'}
