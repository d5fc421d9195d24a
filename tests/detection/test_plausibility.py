"""What tells a secret from a placeholder, a reference, a place, prose or code."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.detection.key_name import Named, announces
from inventory.detection.plausibility import (
    implausible_token,
    is_code,
    is_placeholder,
    is_prose,
    is_reference,
    plausible_password,
    plausible_secret,
    plausible_weak_password,
)
from inventory.detection.randomness import entropy, letter_pairs, looks_random

ALPHABETS = {
    "letters and digits": string.ascii_letters + string.digits,
    "small letters and digits": string.ascii_lowercase + string.digits,
    "hex": "0123456789abcdef",
    "base64": string.ascii_letters + string.digits + "+/",
}


def made_up(alphabet: str, length: int, seed: int) -> bytes:
    return "".join(random.Random(seed).choices(alphabet, k=length)).encode()


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@pytest.mark.parametrize("length", [20, 32, 40, 64])
def test_nearly_every_machine_made_value_is_a_plausible_secret(alphabet, length):
    taken = sum(plausible_secret(made_up(alphabet, length, seed)) for seed in range(300))

    assert taken >= 285


@pytest.mark.parametrize(
    "value",
    [
        b"application/x-www-form-urlencoded",
        b"com.google.android.gms:play-services:12.0",
        b"MEMBER_CLUSTER_PREPROD_TK01",
        b"user-service-account-2",
        b"PBKDF2WithHmacSHA256",
        b"ISO-8859-1",
        b"getServletRequestTokenRepository",
        b"payments.database.credentials.v2",
        b"arn:aws:secretsmanager:eu-west-1:1:secret:x",
        b"https://sso.corp.net/oauth2/token",
        b"/etc/ssl/private/server.key",
        b"2026-01-02T00:00:00Z",
        b"Bitte geben Sie Ihr Passwort ein",
        b"mot de passe oubli\xc3\xa9",
        b"bold #831E71",
        b"tokens[:-1]",
        b"key=value",
        b"{'a': 1}",
        b"sha256:abcdef",
        b"0x0002000",
    ],
)
def test_names_places_sentences_and_code_are_no_secrets(value):
    assert not plausible_secret(value)
    assert not plausible_password(value)


@pytest.mark.parametrize(
    "value",
    [
        b"$DB_PASSWORD",
        b"${DB_PASSWORD}",
        b"${DB_PASSWORD:-}",
        b"$(cat /run/secrets/x)",
        b"{{ .Values.password }}",
        b"{% password %}",
        b"<%= @password %>",
        b"%(password)s",
        b"%DB_PASSWORD%",
        b"#{password}",
        b"@DB_PASSWORD@",
        b"ENC[AES256_GCM,data:x]",
        b"vault:secret/data/app#key",
        b"op://vault/item/field",
        b"os.environ['PASSWORD']",
        b"process.env.PASSWORD",
        b"!Ref DatabasePassword",
    ],
)
def test_what_names_where_a_secret_is_kept_is_a_reference(value):
    assert is_reference(value)
    assert not plausible_password(value)


@pytest.mark.parametrize(
    "value",
    [
        b"changeme",
        b"Change-Me",
        b"password",
        b"P@ssw0rd!",
        b"my-secret-token",
        b"your_api_key_here",
        b"YOUR_TOKEN",
        b"xxxxxxxxxxxx",
        b"****",
        b"<your password>",
        b"example",
        b"test1234",
        b"secret123",
        b"0000000000000000",
        b"abcdefghijklmnop",
        b"replace-with-password",
        b"TODO",
        b"null",
    ],
)
def test_placeholders_and_words_of_the_trade_are_recognised(value):
    assert is_placeholder(value)
    assert not plausible_password(value)
    assert not plausible_weak_password(value)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8])
def test_a_token_that_repeats_itself_is_made_up(length):
    unit = made_up(ALPHABETS["hex"], length, 4)

    assert implausible_token(b"acme_" + unit * (40 // length))


def test_base64_of_a_placeholder_is_a_placeholder():
    import base64

    assert not plausible_secret(base64.b64encode(b"please-change-me-now"))
    assert not plausible_secret(base64.b64encode(b"ENC[RSA,tUf83Ex0oSbDGa8v]"))


@pytest.mark.parametrize(
    "alphabet",
    [
        string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)",
        string.ascii_letters + string.digits + "!@#$%^&*()-_ []{}<>~+=,.;:/?|",
    ],
    ids=["Django", "WordPress"],
)
def test_a_generated_key_may_hold_what_marks_others_as_templates_or_code(alphabet):
    taken = sum(plausible_secret(made_up(alphabet, 60, seed)) for seed in range(200))

    assert taken >= 170


def test_a_password_that_a_person_chose_is_weak_and_a_mixed_one_is_not():
    assert plausible_weak_password(b"autumn77")
    assert not plausible_password(b"autumn77")
    assert plausible_password(b"Autumn!77leaves")


@pytest.mark.parametrize(
    "value", [b"get_password()", b"user.password", b"this->password", b"a[0]", b"x => y", b"a && b"]
)
def test_expressions_are_code(value):
    assert is_code(value)


def test_other_languages_are_prose():
    assert is_prose("Contraseña".encode())
    assert is_prose(b"Enter the password you were sent")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"password", Named.PASSWORD),
        (b"DB_PASSWORD", Named.PASSWORD),
        (b"userPassword", Named.PASSWORD),
        (b"dbpasswd", Named.PASSWORD),
        (b"MLAB_PASS", Named.PASSWORD),
        (b"SSHPass", Named.PASSWORD),
        (b"spring.datasource.password", Named.PASSWORD),
        (b"api_key", Named.SECRET),
        (b"SecretAccessKey", Named.SECRET),
        (b"clientSecret", Named.SECRET),
        (b"SECRET_KEY_BASE", Named.SECRET),
        (b"signing-key", Named.SECRET),
        (b"secret_id", Named.SECRET),
        (b"GITHUB_TOKEN", Named.SECRET),
        (b"AUTH_SALT", Named.SECRET),
        (b"password_field", Named.NOTHING),
        (b"password_reset_url", Named.NOTHING),
        (b"passwordLabel", Named.NOTHING),
        (b"token_url", Named.NOTHING),
        (b"tokenizer", Named.NOTHING),
        (b"secretName", Named.NOTHING),
        (b"AWS_ACCESS_KEY_ID", Named.NOTHING),
        (b"primary_key", Named.NOTHING),
        (b"sort_key", Named.NOTHING),
        (b"public_key", Named.NOTHING),
        (b"csrf_token", Named.NOTHING),
        (b"next_page_token", Named.NOTHING),
        (b"bypass", Named.NOTHING),
        (b"compass", Named.NOTHING),
        (b"monkey", Named.NOTHING),
        (b"mock_token", Named.NOTHING),
    ],
)
def test_a_name_announces_what_its_value_is(name, kind):
    assert announces(name) is kind


def test_entropy_is_that_of_shannon():
    assert entropy(b"") == 0
    assert entropy(b"aaaa") == 0
    assert entropy(b"abcd") == 2
    assert entropy(bytes(range(256))) == 8


def test_words_have_common_letter_pairs_and_random_letters_have_rare_ones():
    words = letter_pairs(b"authenticationservice")[1]
    random_letters = letter_pairs(made_up(string.ascii_lowercase, 200, 1))[1]

    assert words < 4.0 < random_letters
    assert letter_pairs(b"1-2") == (0, 0.0)


@given(st.binary(max_size=600))
def test_no_value_breaks_the_judgement(value):
    assert looks_random(value) in (True, False)
    assert plausible_secret(value) in (True, False)
    assert plausible_password(value) in (True, False)
    assert plausible_weak_password(value) in (True, False)
    assert announces(value) in Named
