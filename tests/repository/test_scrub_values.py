"""Values that a read has found are taken out of every name, however they stand in it (SECURITY W32)."""

import secrets
import string
import time
from urllib.parse import quote

import pytest

from inventory.repository import known_values
from inventory.repository.known_values import KnownValues
from inventory.repository.scrub import REDACTED, Scrubber
from tests.repositories import github_token

LETTERS = string.ascii_letters + string.digits


def random_value(length=20):
    return "".join(secrets.choice(LETTERS) for _ in range(length - 2)) + "7x"


@pytest.fixture
def scrubber(engine):
    return Scrubber(engine)


def learn(scrubber, value):
    """Let the value be found by what stands before it, as no format of a provider would find it."""
    assert scrubber.scan_fully(f'db_password = "{value}"\n'.encode()).findings


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("backup-{}.env", "backup-[redacted].env"),
        ("old{}new", "old[redacted]new"),
        ("{}", "[redacted]"),
        ("{}@halden.example", "[redacted]@halden.example"),
        ("refs/heads/{}/fix", "refs/heads/[redacted]/fix"),
        ("a {0} and {0}", "a [redacted] and [redacted]"),
    ],
)
def test_w32_a_value_found_by_its_context_is_taken_out_of_any_name(scrubber, name, cleaned):
    value = random_value()
    learn(scrubber, value)

    assert scrubber.text(name.format(value)) == cleaned


def test_w32_a_value_split_by_slashes_is_taken_out(scrubber):
    value = random_value()
    learn(scrubber, value)

    assert scrubber.text(f"d/{value[:6]}/{value[6:9]}/{value[9:]}.env") == f"d/{REDACTED}.env"


def test_w32_a_value_that_holds_slashes_is_taken_out_of_a_path(scrubber):
    value = f"{random_value(9)}/{random_value(12)}+{random_value(4)}="
    learn(scrubber, value)

    assert scrubber.text(f"d/{value}/x.env") == f"d/{REDACTED}/x.env"


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_w32_a_percent_encoded_value_is_taken_out(scrubber, rounds):
    value = random_value(9) + "#!/ü" + random_value(9)
    learn(scrubber, value.replace("ü", "&"))
    written = value.replace("ü", "&")
    for _ in range(rounds):
        written = quote(written, safe="")

    assert scrubber.text(f"d/{written}.txt") == f"d/{REDACTED}.txt"


def test_w32_a_value_is_taken_out_of_a_name_that_was_cleaned_before(scrubber):
    value = random_value()
    assert scrubber.text(f"{value}.env") == f"{value}.env"

    learn(scrubber, value)

    assert scrubber.text(f"{value}.env") == f"{REDACTED}.env"


@pytest.mark.parametrize("at", [4, 20, 39])
def test_w32_a_providers_token_that_stands_in_no_file_is_found_where_slashes_split_it(scrubber, at):
    token = github_token()

    assert scrubber.text(f"d/{token[:at]}/{token[at:]}/x.env") == f"d/{REDACTED}/x.env"
    assert scrubber.text(f"d/{token[:at]}/{token[at:]}.env") == f"d/{REDACTED}.env"


def test_folders_that_begin_like_a_token_keep_their_names(scrubber):
    for path in ("docs/ghp_tokens/explained/in/short.md", "sk-learn/sk-tests/data/one.txt", "AKIA/notes/about/keys"):
        assert scrubber.text(path) == path


@pytest.mark.parametrize(
    "value", ["test", "hunter2", "Ab3$xyz", "aaaaaaaaaaaa", "11111111111", "ab/cd/1/2", "postgres", "Kubernetes"]
)
def test_a_value_below_the_floor_leaves_names_readable(value):
    known = KnownValues()

    assert not known.add(value.encode())
    assert known.spans(f"src/{value}/main.py".encode()) == []


@pytest.mark.parametrize("value", ["hunter2!", "Ab3$xyz9", "postgres1"])
def test_a_value_of_eight_characters_is_taken_out(value):
    known = KnownValues()
    known.add(value.encode())

    assert known.spans(f"src/{value}/main.py".encode()) == [(4, 4 + len(value))]


def test_the_longest_of_the_values_at_a_place_is_taken_out_whole():
    value = f"4{random_value(19)}"  # A digit early: letters alone would be below the floor of a word.
    known = KnownValues()
    known.add(value[:12].encode())
    known.add(value.encode())

    assert known.spans(f"a-{value}".encode()) == [(2, 22)]
    assert known.spans(f"a-{value[:15]}".encode()) == [(2, 14)]


@pytest.mark.parametrize("text", ["", "%", "%2", "%zz/%", "////////////", "%25%25%252F", "é%C3%A9/é"])
def test_strange_names_are_survived(text):
    known = KnownValues()
    known.add(random_value().encode())

    assert known.spans(text.encode()) == []


def test_w32_a_hundred_thousand_paths_and_ten_thousand_values_take_seconds():
    known = KnownValues()
    values = [random_value(secrets.choice(range(10, 60))) for _ in range(10_000)]
    for value in values:
        known.add(value.encode())
    paths = [f"services/{random_value(8)}/src/main/{secrets.token_hex(6)}/settings_{n}.py" for n in range(100_000)]
    paths[500::1000] = [f"a/b/{value[:5]}/{value[5:]}.txt" for value in values[: len(paths[500::1000])]]
    begun = time.process_time()

    hits = sum(bool(known.spans(path.encode())) for path in paths)

    # Some three seconds here; a comparison with each value would take hours.
    assert time.process_time() - begun < 60
    assert hits == 100


def test_w32_values_and_names_made_to_cost_time_are_bounded():
    known = KnownValues()
    unit = "abcdefgh"
    for length in range(8, 3_000):
        known.add((unit * 400)[:length].encode() + b"!")
    text = (unit * 500).encode()
    begun = time.process_time()

    for _ in range(50):
        assert known.spans(text) == [(0, len(text))]

    assert time.process_time() - begun < 10
    assert len(known) > known_values.MOST_TRIES
