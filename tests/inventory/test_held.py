"""What is kept of a stored value: which keys are secret, and the same fingerprint as where it leaked."""

import json
import random
import secrets
import string

import pytest

from inventory.collector import ReadContext
from inventory.detection.example import expand
from inventory.detection.provider import formats
from inventory.held import ValueReader, json_pairs
from posture.common.fingerprint import load_key
from posture.common.secret_value import SecretValue


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    load_key(folder / "held.key", create=True)
    return ValueReader.of(ReadContext(folder / "mirrors", folder / "held.key", {}, lambda: iter(()), lambda: None))


def random_text(length=32):
    # Of texts in all letters a few in a thousand look like words.
    return secrets.token_hex(length // 2)


def pairs(**values):
    return [(name, SecretValue(value)) for name, value in values.items()]


def test_of_named_values_only_the_secret_ones_count(reader):
    held = reader.held(
        pairs(
            host="db.internal",
            port="5432",
            username="payments",
            dbname="ledger",
            password=random_text(),
            api_key=random_text(40),
            description="the ledger's database",
        )
    )

    assert {each.key for each in held} == {"password", "api_key"}


def test_a_stored_token_is_what_its_issuer_calls_it_and_has_the_fingerprint_it_leaks_with(reader):
    form = next(form for slug, (_, form) in formats().items() if slug.startswith("github-"))
    token = expand(form.examples[0], random.Random())
    leaked = reader.engine.scan(token.encode())[0]

    (held,) = reader.held(pairs(anything=leaked.value.reveal().decode()))

    assert held.finding.rule == leaked.rule
    assert held.finding.fingerprint == reader.key.fingerprint(leaked.value)


def test_an_address_with_a_password_counts_by_its_password(reader):
    password = random_text()

    (held,) = reader.held(pairs(url=f"postgres://payments:{password}@db.internal:5432/ledger", host="db.internal"))

    assert held.finding.fingerprint == reader.key.fingerprint(SecretValue(password))


def test_the_only_value_of_a_secret_is_secret_whatever_it_is_called(reader):
    assert [each.key for each in reader.held(pairs(value="hunter22"))] == ["value"]
    assert [each.key for each in reader.held(pairs(note=random_text()))] == ["note"]


def test_references_and_empty_values_hold_nothing(reader):
    assert reader.held(pairs(password="", token="   ")) == ()
    assert reader.held(pairs(password="${DB_PASSWORD}")) == ()


def test_a_file_of_settings_counts_by_what_is_found_in_it(reader):
    password, key = random_text(), random_text(40)
    content = f"DB_HOST=db.internal\nDB_PASSWORD={password}\nSTRIPE_NAME=x\nAPI_KEY={key}\n"

    held = reader.held(pairs(dotenv=content, other="x"))

    assert {each.finding.fingerprint for each in held} == {
        reader.key.fingerprint(SecretValue(each)) for each in (password, key)
    }


def test_json_is_read_by_its_names(reader):
    password = random_text()
    document = json.dumps({"db": {"password": password, "port": 5432, "hosts": ["a", "b"]}, "on": True, "no": None})

    found = json_pairs(SecretValue(document))

    assert [name for name, _ in found] == ["db.password", "db.hosts.0", "db.hosts.1"]
    assert [each.key for each in reader.held(found)] == ["db.password"]


@pytest.mark.parametrize("text", ["no json", "{", '{"a": ' * 5000, "[" * 100_000, '{"a":' + "9" * 5000 + "}"])
def test_hostile_json_is_taken_as_the_value_it_is(text):
    assert len(json_pairs(SecretValue(text))) <= 1


def test_nothing_kept_shows_a_value(reader):
    password = random_text()

    assert password not in repr(reader.held(pairs(password=password)))


def github_like(reader):
    form = next(form for slug, (_, form) in formats().items() if slug.startswith("github-"))
    return reader.engine.scan(expand(form.examples[0], random.Random()).encode())[0].value.reveal().decode()


MADE = [github_like, lambda reader: secrets.token_hex(20), lambda reader: f"Su{secrets.token_hex(3)}mer!9xQ7"]


@pytest.mark.parametrize("made", MADE)
def test_d1_a_value_that_stands_where_a_name_belongs_is_not_kept(reader, made):
    first, second = made(reader), made(reader)
    document = json.dumps({"accounts": {name: {"password": random_text()} for name in (first, second)}})

    held = reader.held(json_pairs(SecretValue(document)))

    assert [each.key for each in held] == ["accounts.[redacted 1].password", "accounts.[redacted 2].password"]


def test_d1_a_name_of_one_value_that_is_a_value_itself_is_not_kept(reader):
    (held,) = reader.held(pairs(**{github_like(reader): "alice"}))

    assert held.key == "[redacted 1]"


def test_d1_a_name_that_holds_a_value_keeps_its_words_and_its_number(reader):
    token = github_like(reader)
    named = pairs(**{token: "alice", f"of {token} here": random_text(), "x" * 101: random_text()})

    held = reader.held(named)

    assert [each.key for each in held] == ["of [redacted 1] here", "[redacted 2]"]


def letters_alone():
    return "".join(random.Random(4).choices(string.ascii_letters, k=32))


ODD = {
    "letters alone, as many tokens are": letters_alone,
    "a short jumble": lambda: "".join(
        f"{secrets.choice(string.ascii_lowercase)}{n}" for n in random.sample(range(10), 3)
    ),
    "one of several words": lambda: f"key of {letters_alone()} here",
    "what no keyboard types": lambda: "db\x07password",
    "a token cut by dots into parts that could be names": lambda: ".".join(
        f"{'xyzw'[n % 4]}{n}{letters_alone()[2 * n : 2 * n + 2]}" for n in range(6)
    ),
}


@pytest.mark.parametrize("made", ODD.values(), ids=ODD)
def test_d1_each_sign_of_a_value_alone_hides_a_name(reader, made):
    held = reader.held([(made(), SecretValue(random_text())), ("host", SecretValue("db.internal"))])

    assert [each.key for each in held] == ["[redacted 1]"]


@pytest.mark.parametrize(
    "name",
    [
        *("tls.key", "AWS_SECRET_ACCESS_KEY", ".dockerconfigjson", "K8S_TOKEN", "id_ed25519", "oauth2ClientSecret"),
        *("auths.https://index.registry.example/v1/.password", "hosts.db-07.eu-west-1.db.example.password"),
    ],
)
def test_a_name_that_is_one_stays_as_it_is(reader, name):
    (held,) = reader.held([(name, SecretValue(random_text())), ("host", SecretValue("db.internal"))])

    assert held.key == name
