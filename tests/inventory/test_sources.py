"""Sources: no two of one name, no place collected twice, and a place that is gone does not lock its source."""

import pytest
from django.core.management import CommandError, call_command

from inventory.collector import CollectorError, collectors
from inventory.models import Source
from inventory.services import add_source, change_source, source_for_folder
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A folder with a folder in it."""
    (tmp_path / "git" / "team").mkdir(parents=True)
    return tmp_path / "git"


def add(folder, name="new"):
    return add_source(name=name, kind="repositories", config={"path": str(folder)})


def edit(source, **fields):
    kept = {"name": source.name, "config": source.config, "interval": source.interval, "enabled": source.enabled}
    return change_source(source=source, **(kept | fields))


# One name --------------------------------------------------------------------------------------------------------


def test_a_name_that_is_taken_is_refused_by_the_database_and_told_in_words(folder):
    source = add(folder, "one")
    SourceFactory(name="two", config={"url": "https://git.example/a/b"})

    with pytest.raises(CollectorError, match="already a source named 'two'"):
        edit(source, name="two")
    with pytest.raises(CollectorError, match="already a source named 'two'"):
        add_source(name=" two ", kind="repositories", config={"url": "https://git.example/c/d"})

    assert Source.objects.count() == 2


# One place -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "how"),
    [
        ("git", "git", "is the same folder as"),
        ("git/team", "git", "lies inside"),
        ("git", "git/team", "contains"),
        ("git/team/../team", "git/team", "is the same folder as"),
        ("link", "git/team", "contains"),
    ],
)
def test_a_folder_that_another_source_reaches_is_refused_with_its_name(tmp_path, folder, here, there, how):
    (tmp_path / "link").symlink_to(folder)
    add(tmp_path / there, "first")

    with pytest.raises(CollectorError, match=rf"{how} .*which the source 'first' collects already"):
        add(tmp_path / here)

    assert Source.objects.count() == 1


def test_a_folder_beside_another_is_added_though_their_names_begin_alike(folder, tmp_path):
    (tmp_path / "git2").mkdir()
    add(folder, "first")

    assert add(tmp_path / "git2").pk


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://Git.Example/halden/pay.git", "https://git.example/halden/pay"),
        ("https://git.example:443/halden/pay", "https://git.example/halden/pay/"),
        ("git@git.example:halden/pay.git", "ssh://git.example:22/halden/pay"),
        ("git@git.example:halden/pay.git", "https://git.example/halden/pay"),
    ],
)
def test_one_repository_under_two_addresses_is_refused(one, other):
    add_source(name="first", kind="repositories", config={"url": one})

    with pytest.raises(CollectorError, match=r"is the same repository as .*'first'"):
        add_source(name="second", kind="repositories", config={"url": other})


@pytest.mark.parametrize(
    "other",
    ["https://git.example/halden/pay-web", "https://other.example/halden/pay", "https://git.example:8443/halden/pay"],
)
def test_another_repository_is_added(other):
    add_source(name="first", kind="repositories", config={"url": "https://git.example/halden/pay"})

    assert add_source(name="second", kind="repositories", config={"url": other}).pk


def test_a_source_that_is_switched_off_takes_no_place_until_it_is_switched_on(folder):
    off = add(folder, "off")
    edit(off, enabled=False)
    off.refresh_from_db()
    add(folder / "team", "on")

    with pytest.raises(CollectorError, match=r"contains .*'on'"):
        edit(off, enabled=True)

    off.refresh_from_db()
    assert not off.enabled


def test_two_that_overlap_from_before_can_still_be_renamed_and_switched_off(folder):
    first = SourceFactory(config={"path": str(folder)})
    SourceFactory(config={"path": str(folder / "team")})

    assert edit(first, name="renamed", interval=7200).name == "renamed"
    assert not edit(first, enabled=False).enabled


# A place that is gone --------------------------------------------------------------------------------------------


def test_a_place_that_is_gone_is_asked_for_only_by_what_needs_it(folder):
    source = add(folder / "team", "team")
    (folder / "team").rmdir()

    assert not edit(source, name="renamed", enabled=False).enabled
    source.refresh_from_db()
    with pytest.raises(CollectorError, match="does not exist"):
        edit(source, enabled=True)


# Command line ----------------------------------------------------------------------------------------------------


def test_collecting_a_folder_uses_its_source_however_it_is_written(folder, tmp_path):
    source = add(folder, "everything")
    (tmp_path / "link").symlink_to(folder)

    assert source_for_folder(folder / "team" / "..") == source
    assert source_for_folder(tmp_path / "link") == source


def test_collecting_a_part_of_a_source_names_the_source_and_exits_with_2(folder, tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    add(folder, "everything")

    with pytest.raises(CommandError, match=r"lies inside .*'everything' collects already") as error:
        call_command("collect", "--path", str(folder / "team"))

    assert error.value.returncode == 2
    assert Source.objects.count() == 1


def test_applying_two_sources_of_one_place_changes_nothing_and_exits_with_2(folder, tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    file = tmp_path / "organisation.yaml"
    file.write_text(
        "sources:\n"
        f"  - {{name: everything, kind: repositories, config: {{path: {folder}}}}}\n"
        f"  - {{name: part, kind: repositories, config: {{path: {folder / 'team'}}}}}\n"
    )

    with pytest.raises(CommandError, match=r"'part': .*lies inside .*'everything'") as error:
        call_command("apply", str(file), "--yes")

    assert error.value.returncode == 2
    assert not Source.objects.exists()


def test_a_file_may_put_a_source_in_the_place_of_one_that_it_moves_or_prunes(folder, tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    (tmp_path / "else").mkdir()
    add(folder, "old")
    add(tmp_path / "else", "pruned")
    file = tmp_path / "organisation.yaml"
    file.write_text(
        "sources:\n"
        f"  - {{name: new, kind: repositories, config: {{path: {folder / 'team'}}}}}\n"
        f"  - {{name: old, kind: repositories, config: {{path: {tmp_path / 'else'}}}}}\n"
    )

    call_command("apply", str(file), "--yes", "--prune")

    places = dict(Source.objects.values_list("name", "config__path"))
    assert places == {"new": str(folder / "team"), "old": str(tmp_path / "else")}


# What a person is told -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "says"), [({}, "Name what to collect"), ({"path": "/srv", "url": "https://a.example/b"}, "Keep one")]
)
def test_too_little_and_too_much_are_told_apart_with_what_to_do(config, says):
    with pytest.raises(CollectorError, match=says):
        collectors()["repositories"].clean(config)
