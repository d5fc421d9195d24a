import pytest
from django.core.management import CommandError, call_command

from inventory.declaration import DeclarationError, read_declaration
from inventory.models import Asset, Credential, OwnershipRule, Source
from inventory.services.sources import workspace_of
from posture.accounts.models import Membership, Team
from tests.factories import AssetFactory, ExposureFactory

pytestmark = pytest.mark.django_db

WHOLE = """
teams:
  - {slug: payments, name: Payments, parent: platform, handles: ["@halden/payments"],
     members: [{email: A@example.com, role: lead}, {email: b@example.com}]}
  - {slug: platform, name: Platform}
ownership:
  - {match: "repository:pay-*", team: payments, tier: critical, environment: production, visibility: public}
sources:
  - {name: main, kind: scripted, config: {place: /srv/git}, interval: 15m, credential: "env:POSTURE_CREDENTIAL_GIT"}
"""


@pytest.fixture
def apply(tmp_path, scripted, settings, capsys):
    settings.DATA_DIR = tmp_path / "data"
    settings.QUEUE_DIR = settings.DATA_DIR / "queue"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"

    def run(content, *options):
        file = tmp_path / "organisation.yaml"
        file.write_text(content)
        call_command("apply", str(file), *options)
        return capsys.readouterr().out

    return run


def test_a_file_sets_teams_rules_and_sources(apply):
    apply(WHOLE)

    payments = Team.objects.get(slug="payments")
    assert payments.parent.slug == "platform"
    assert Membership.objects.get(user__email="a@example.com").role == "lead"
    assert OwnershipRule.objects.get().tier == "critical"
    assert (Source.objects.get().interval, Source.objects.get().credential) == (900, "env:POSTURE_CREDENTIAL_GIT")


def test_applying_again_changes_nothing_and_says_so(apply):
    apply(WHOLE)
    asset = AssetFactory(owner_due=False)

    assert apply(WHOLE) == "Nothing differs.\n"
    assert Asset.objects.get(pk=asset.pk).owner_due is False


def test_the_difference_is_shown_and_a_dry_run_keeps_nothing(apply):
    said = apply(WHOLE, "--dry-run")

    assert "+ team payments" in said
    assert "+ source main" in said
    assert "Nothing was changed." in said
    assert not Team.objects.exists()


def test_what_the_file_no_longer_names_goes_only_with_prune(apply):
    apply(WHOLE)
    fewer = "teams: [{slug: platform, name: Platform}]\nownership: []\n"

    apply(fewer)
    assert Team.objects.count() == 2
    said = apply(fewer, "--prune")

    assert "- team payments" in said
    assert Team.objects.get().slug == "platform"
    assert not OwnershipRule.objects.exists()
    assert Source.objects.exists(), "the file does not speak about sources"


def test_d8_a_source_goes_with_prune_as_it_goes_on_its_page(apply, settings, django_capture_on_commit_callbacks):
    apply(WHOLE)
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    exposure = ExposureFactory(asset__source=Source.objects.get(), credential__severity_due=False)
    mirror = workspace_of(exposure.asset.source_id)
    mirror.mkdir(parents=True)

    with django_capture_on_commit_callbacks(execute=True):
        apply("sources: []\n", "--prune", "--dry-run")
    assert mirror.exists()
    with django_capture_on_commit_callbacks(execute=True):
        apply("sources: []\n", "--prune")

    assert not Source.objects.exists()
    assert not mirror.exists(), "a mirror holds secrets at rest"
    assert Credential.objects.get(pk=exposure.credential_id).severity_due, "it stands nowhere any more"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("teams: [{slug: a, nmae: A}]", "teams 1 does not know 'nmae'"),
        ("teams: [{name: A}]", "teams 1 needs 'slug'"),
        ("teams: [{slug: A B}]", "may hold small letters"),
        ("teams: [{slug: a, members: [{email: nobody}]}]", "not an e-mail address"),
        ("teams: [{slug: a, members: [{email: a@b.co, role: boss}]}]", "Write one of: lead, developer"),
        ("teams: [{slug: a}, {slug: a}]", "stands in the file twice"),
        ("ownership: [{match: nonsense}]", "ownership 1: "),
        ("ownership: [{match: 'repository:a', tier: huge}]", "Write one of: critical"),
        ("sources: [{name: a, kind: scripted, interval: soon}]", "write the interval as 15m"),
        ("sources: [{name: a, kind: scripted, config: []}, 3]", "must be a mapping"),
        ("teem: []", "does not know 'teem'"),
        ("{unclosed", "not YAML, line"),
        ("- a list", "must be a mapping"),
        ("a: !!python/object/apply:os.system [id]", "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_place(content, message):
    with pytest.raises(DeclarationError) as error:
        read_declaration(content)

    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("teams: [{slug: a, parent: b}]", "not a team"),
        ("teams: [{slug: a, parent: b}, {slug: b, parent: a}]", "above itself"),
        ("ownership: [{match: 'repository:a', team: x}]", "not a team"),
        ("sources: [{name: a, kind: nope}]", "no collector 'nope'"),
        ("teams: [{slug: a}]\nsources: [{name: a, kind: scripted, config: {place: nowhere}}]", "Name another one"),
        ("sources: [{name: a, kind: scripted, credential: 'env:SECRET_KEY'}]", "never the credential"),
    ],
)
def test_a_name_that_leads_nowhere_changes_nothing_at_all(apply, content, message):
    with pytest.raises(CommandError) as error:
        apply(content)

    assert message in str(error.value)
    assert not Team.objects.exists()
    assert not Source.objects.exists()


def test_a_changed_address_in_the_file_takes_the_credential_it_names(apply):
    apply(WHOLE)

    apply(WHOLE.replace("/srv/git", "/srv/other"))

    assert Source.objects.get().config == {"place": "/srv/other"}
    assert Source.objects.get().credential == "env:POSTURE_CREDENTIAL_GIT"


def test_a_missing_file_is_a_clear_error():
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("apply", "/nowhere/organisation.yaml")
