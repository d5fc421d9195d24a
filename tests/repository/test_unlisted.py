"""What rules guess in files that nobody of the organisation wrote is counted, and said, instead of listed."""

import secrets

import pytest

from inventory.collector import ExposureRecord, SkipRecord, StandingRecord
from inventory.detection.paths import NOT_LISTED
from tests.repository.workbench import new_secret

FOREIGN = f"values that look like secrets in copies of foreign code{NOT_LISTED}"
GENERATED = f"values that look like secrets in generated files{NOT_LISTED}"


def guessed():
    return f'api_token = "{secrets.token_hex(20)}"\n'  # In other letters a few of a thousand look like words.


def paths(reading):
    return {record.path for record in reading.of(ExposureRecord)}


@pytest.fixture
def files():
    return {
        "vendor/a/config.php": guessed() + guessed(),
        "static/app.min.js": guessed(),
        "src/settings.py": guessed(),
    }


def test_they_are_counted_with_words_that_say_what_they_are(workbench, repository, files):
    repository.commit(files)

    reading = workbench.read(repository)

    assert paths(reading) == {"src/settings.py"}
    assert reading.skips == {FOREIGN: 2, GENERATED: 1}
    assert all(skip.what == "" and not skip.partial for skip in reading.of(SkipRecord))


def test_later_reads_say_it_again_as_long_as_they_stand(workbench, repository, files):
    repository.commit(files)
    workbench.read(repository)

    assert workbench.read(repository).skips == {FOREIGN: 2, GENERATED: 1}
    repository.commit({"static/app.min.js": None, "readme": "changed\n"})
    assert workbench.read(repository).skips[FOREIGN] == 2
    repository.commit({"readme": "changed again\n"})
    assert workbench.read(repository).skips == {FOREIGN: 2}


@pytest.mark.parametrize("path", ["vendor/a/b.php", "static/app.min.js", "logo.svg", "app/yarn.lock"])
def test_a_providers_format_is_always_listed(workbench, repository, path):
    token = new_secret()
    repository.commit({path: guessed() + f"key={token}\n"})

    reading = workbench.read(repository)

    assert paths(reading) == {path}
    assert {record.rule for record in reading.of(ExposureRecord)} == {"github-pat"}
    assert sum(reading.skips.values()) == 1


def test_a_value_that_is_a_guess_in_one_line_and_a_providers_in_another_is_listed(workbench, repository):
    key = "-".join(secrets.token_hex(length) for length in (4, 2, 2, 2, 6))
    repository.commit({"vendor/x.js": f'client_secret: "{key}"\n\n\n\n\nHEROKU_API_KEY: "{key}"\n'})

    reading = workbench.read(repository)

    (exposure,) = reading.of(ExposureRecord)
    assert (exposure.rule, exposure.first.line) == ("heroku-api-key", 6)
    assert not reading.skips


def test_where_they_stand_is_told_all_the_same(workbench, repository, files):
    repository.commit(files)

    (standing,) = workbench.read(repository).of(StandingRecord)

    assert {path for path, _ in standing.tip} == set(files)
