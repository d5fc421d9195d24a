import pytest
from django.core.management import CommandError

from inventory.models import Run, Source
from posture.accounts.models import SignInLink, Team, User
from posture.accounts.services import invite
from posture.first_run import prepare
from tests.factories import EngineerFactory
from tests.repositories import Repository

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


@pytest.fixture
def code(tmp_path):
    Repository(tmp_path / "code" / "service").commit({"README.md": "Nothing.\n"})
    return tmp_path / "code"


def start(repositories=None, demo=True):
    return prepare(repositories, demo, lambda text: None)


def test_a_first_start_sets_up_the_demo_with_a_link_for_each_kind_of_view():
    links = start()

    assert [label.split(",")[0] for label, _ in links] == [
        "Security leader", "Security engineer", "Team lead", "Developer",
    ]  # fmt: skip
    assert Team.objects.count() == 8
    assert Source.objects.count() == 1


def test_a_second_start_keeps_everything():
    start()
    before = (User.objects.count(), Team.objects.count(), Source.objects.count())

    start()

    assert (User.objects.count(), Team.objects.count(), Source.objects.count()) == before


def test_a_folder_is_added_once_and_collected_at_each_start(code):
    links = start(code)
    Run.objects.update(status="complete")
    start(code)

    assert [label for label, _ in links] == ["Security engineer"]
    assert Source.objects.get().config == {"path": str(code)}
    assert Run.objects.count() == 2


def test_a_start_never_replaces_a_real_persons_waiting_link_or_prints_one(code):
    start(code)
    invite(email="boss@example.com", name="Boss", role="leader", team=None, team_role="", by=EngineerFactory())
    waiting = SignInLink.objects.get(user__email="boss@example.com")

    links = start(code)

    assert SignInLink.objects.filter(pk=waiting.pk).exists()
    assert [label for label, _ in links] == ["Security engineer"]


def test_a_folder_is_not_mixed_into_the_demo(code):
    start()

    with pytest.raises(CommandError, match="POSTURE_DATA_DIR") as error:
        start(code)

    assert error.value.returncode == 2
    assert Source.objects.count() == 1
