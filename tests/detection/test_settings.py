"""Settings are found in whatever syntax they are written, and values of programs are not taken for them."""

import random

import pytest

from inventory.detection.example import expand

RANDOM = "<[A-Z]{2}><[0-9]{2}><[a-z]{2}><[A-Z]{2}><[0-9]{2}><[a-z]{2}><[0-9]{2}><[A-Z]{2}><[a-z]{2}><[0-9]{2}>"


def values(engine, text: str) -> tuple[list[str], str]:
    """Return the values found in a text with `@@` where the secret stands, and the secret."""
    secret = expand(RANDOM, random.Random(text))
    return [each.value.reveal().decode() for each in engine.scan(text.replace("@@", secret).encode())], secret


@pytest.mark.parametrize(
    "text",
    [
        'password = "@@"',
        "password: '@@'",
        "PASSWORD=@@\n",
        "export DB_PASSWORD=@@\n",
        "ENV API_TOKEN=@@\n",
        "  - SESSION_SECRET=@@\n",
        "spring.datasource.password=@@\n",
        "api-key: @@\n",
        "api_key: @@  # production\n",
        '{"clientSecret": "@@", "other": 1}',
        '"{\\"clientSecret\\": \\"@@\\"}"',
        "$dbpasswd   =   '@@';",
        "define('AUTH_KEY', '@@');",
        'config["access_token"] = "@@"',
        'private static final String API_SECRET = "@@";',
        'val password: String = "@@"',
        'let token: &str = "@@";',
        'password := "@@"',
        "password => '@@',",
        'SECRET_KEY = os.environ.get("SECRET_KEY", "@@")',
        'password = nexusPassword ?: "@@"',
        'if password == "@@":',
        'setProperty("client.secret", "@@")',
        'connect(user="app", password="@@")',
        'credentials { password "@@" }',
        'variable "x" {\n  secret_key = "@@"\n}',
        '<user name="app" password="@@"/>',
        "<password>@@</password>",
        "<password><![CDATA[@@]]></password>",
        '<add key="SmtpPassword" value="@@"/>',
        "- name: DB_PASSWORD\n  value: @@\n",
        "tool --password @@ --verbose",
        "tool --api-key=@@",
        "curl -u deploy:@@ https://repo.corp.net",
        "https://repo.corp.net/list?access_token=@@&page=2",
        "curl -H 'Authorization: Bearer @@' https://api.corp.net",
        "postgres://app:@@@db.corp.net/ledger",
        "machine git.corp.net login deploy password @@\n",
        "//npm.corp.net/:_authToken=@@\n",
        "+API_KEY=@@\n",
        "    \"LABEL_STUDIO_API_KEY = '@@'\\n\",",
    ],
)
def test_the_value_of_a_setting_is_found_exactly(engine, text):
    found, secret = values(engine, text)

    assert found == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "password = getpass.getpass()",
        "password = request.form['password']",
        "token = tokens[:-1]",
        "token = self.tokenizer.next_token2()",
        "opts.Password = &f.Password1",
        "def connect(user, password: str = DEFAULT1): ...",
        "password: _PasswordType1 | None = None",
        'fields = ["username", "password", "email2"]',
        'AtLeastOneOf: []string{"user.0.password", "user.0.password_hash"},',
        'message = "Use the password: 8 characters or more"',
        'errors.password = "Password must have 8 characters"',
        "password=Palavra-chave",
        '"password": "string?"',
        "pass `allow_module_level=True`",
        "--color-token-unfocused:#6e7681;",
        "password: ${{ secrets.DB_PASSWORD1 }}",
        'API_KEY = config("API_KEY_1")',
        "tokenUrl: https://sso.corp.net/oauth2/token",
        'encodedPassword = "{bcrypt}$2a$10$x"',
        'public_key = "@@"',
        'primary_key = "@@"',
        'checksum_token_sha256 = "@@"',
        "https://docs.corp.net/guide#token=section-2",
        "docker run --user 1000:1000 image",
    ],
)
def test_programs_texts_and_references_are_not_taken_for_secrets(engine, text):
    found, _ = values(engine, text)

    assert found == []


def test_values_of_a_kubernetes_secret_are_found_decoded(engine):
    import base64

    secret = expand(RANDOM, random.Random(3))
    packed = base64.b64encode(secret.encode()).decode()
    manifest = (
        f"kind: ConfigMap\ndata:\n  a: {packed}\n---\napiVersion: v1\nkind: Secret\n"
        f"data:\n  username: YWRtaW4=\n  camo: {packed}\n"
    )

    (found,) = engine.scan(manifest.encode())

    assert (found.rule, found.line, found.value.reveal().decode()) == ("kubernetes-secret", 9, secret)


def test_the_password_of_an_address_is_unquoted_so_that_copies_join(engine):
    secret = expand(RANDOM, random.Random(4)) + "@"

    (found,) = engine.scan(f"amqp://app:{secret[:-1]}%40@queue.corp.net/".encode())

    assert found.value.reveal().decode() == secret


def test_a_setting_inside_base64_is_found_decoded(engine):
    import base64

    secret = expand(RANDOM, random.Random(5))
    packed = base64.b64encode(f"host=db\nuser_password={secret}\n".encode()).decode()

    (found,) = engine.scan(f"config: {packed}\n".encode())

    assert (found.rule, found.value.reveal().decode()) == ("encoded-setting", secret)


@pytest.mark.slow
def test_g33_attack_strings_made_from_the_examples_end_with_a_reason_or_a_result(engine):
    from inventory.detection.provider import formats

    seed = random.Random(6)
    chosen = [
        form for _, form in formats().values() if form.slug.startswith(("generic", "kub", "private", "jwt", "url"))
    ]
    chosen += seed.sample([form for _, form in formats().values()], 40)
    for form in chosen:
        example = expand(form.examples[0], seed).encode()
        for unit in (example, example[:-1], example[: len(example) // 2], example[: len(example) // 3] + b"\n"):
            result = engine.scan_fully((unit * (20_000 // len(unit) + 1))[:20_000])

            assert "took too long" not in result.truncated, form.slug


@pytest.mark.parametrize("name", ["AWS::IAM::AccessKey", "AWS::Redshift::EndpointAuthorization", "Acme::Password"])
def test_the_name_of_a_type_has_no_value(engine, name):
    assert values(engine, f'{{"{name}": "@@"}}')[0] == []
    assert values(engine, f"{{'{name}': '@@'}}")[0] == []


@pytest.mark.parametrize("text", ['Config::API_KEY = "@@"', 'self::SECRET_TOKEN = "@@";', 'Vault::Password => "@@"'])
def test_a_constant_of_a_class_has_one(engine, text):
    found, secret = values(engine, text)

    assert found == [secret]
