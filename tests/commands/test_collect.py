import json

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Exposure, Source
from posture.scoring.models import Snapshot
from tests.repositories import Repository, github_token

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path, settings, tmp_path_factory):
    """A data folder of this test, which shares the compiled formats, and one repository."""
    settings.DATA_DIR = tmp_path / "data"
    settings.QUEUE_DIR = settings.DATA_DIR / "queue"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.WORKSPACE_DIR.mkdir(parents=True)
    cache = tmp_path_factory.getbasetemp() / "engine"
    cache.mkdir(exist_ok=True)
    (settings.WORKSPACE_DIR / "engine").symlink_to(cache)
    repository = Repository(tmp_path / "code" / "service")
    repository.commit({"app.env": f"GITHUB_TOKEN={github_token()}\n"})
    return tmp_path / "code"


def collect(capsys, *options):
    call_command("collect", *options, "--json")
    return json.loads(capsys.readouterr().out)


def test_a_folder_becomes_a_source_and_the_counts_are_one_json_object(folder, capsys):
    told = collect(capsys, "--path", str(folder))

    assert set(told) == {
        "repositories", "commits", "blobs", "bytes", "credentials", "exposures", "skipped", "seconds",
    }  # fmt: skip
    assert (told["repositories"], told["commits"], told["blobs"], told["credentials"]) == (1, 1, 1, 1)
    assert Source.objects.get().config == {"path": str(folder)}
    assert Snapshot.objects.of_organisation().exists()


def test_a_second_collection_reads_nothing_again_and_finds_what_is_new(folder, capsys):
    collect(capsys, "--path", str(folder))
    told = collect(capsys, "--path", str(folder))
    assert (told["commits"], told["blobs"], told["credentials"]) == (0, 0, 1)
    Repository.commit(_again(folder / "service"), {"new.env": f"GITHUB_TOKEN={github_token()}\n"})

    told = collect(capsys)

    assert (told["commits"], told["blobs"], told["credentials"]) == (1, 1, 2)
    assert Source.objects.count() == 1


def _again(folder):
    repository = Repository.__new__(Repository)
    repository.folder = folder
    return repository


def test_one_repository_that_is_broken_fails_alone(folder, capsys):
    broken = Repository(folder / "broken")
    broken.commit({"x.env": "A=1\n"})
    for item in (broken.folder / ".git" / "objects").glob("??/*"):
        item.chmod(0o600)
        item.write_bytes(b"garbage")

    told = collect(capsys, "--path", str(folder))

    assert told["credentials"] == 1
    assert Exposure.objects.get().asset.name == "service"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--path", "/nowhere/at/all"], "nowhere/at/all"),
        (["--source", "none"], "There is no source named"),
        ([], "There is no source yet"),
    ],
)
def test_what_cannot_be_collected_is_said_with_what_to_do(folder, options, message):
    with pytest.raises(CommandError) as error:
        call_command("collect", *options)

    assert error.value.returncode == 2
    assert message in str(error.value)


def test_a_data_folder_that_cannot_be_written_is_said_with_what_to_do(folder, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "data"

    with pytest.raises(CommandError, match="POSTURE_DATA_DIR") as error:
        call_command("collect", "--path", str(folder))

    assert error.value.returncode == 2
