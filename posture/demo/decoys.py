"""Files that look as if they held secrets and hold none: placeholders, references, hashes, public halves.

Well-known example values are put together at run time only, so that no scanner stumbles over this file.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from posture.demo.stacks.stack import digest

AWS_EXAMPLE_ID = "AKIA" + "IOSFODNN7" + "EXAMPLE"
AWS_EXAMPLE_SECRET = "wJalrXUtnFEMI" + "/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"


@dataclass(frozen=True)
class DecoyFile:
    """One such file, and why nothing in it is a secret."""

    repository: str
    path: str
    text: str
    reason: str


def _hex(*parts: str, algorithm: str = "sha256") -> str:
    return digest(*parts, algorithm=algorithm).hex()


def _armour(label: str, seed: str, lines: int) -> str:
    """Return a PEM block of a public kind."""
    text = base64.b64encode(b"".join(digest(seed, str(at), algorithm="sha384") for at in range(lines))).decode()
    body = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def _sealed(seed: str) -> str:
    """Return a value as the cluster's controller would seal it: length, an RSA block of 512 bytes, the cipher text."""
    block = b"".join(digest(seed, str(at), algorithm="sha512") for at in range(9))
    return base64.b64encode(b"\x02\x00" + block[:564]).decode()


ENV_EXAMPLE = (
    "# Copy to .env and fill in; the values are in the vault.\n"
    "DATABASE_URL=postgres://user:password@localhost:5432/app\n"
    "API_TOKEN=changeme\nSESSION_SECRET=<your secret here>\nSTRIPE_API_KEY=sk_live_your_key_here\n"
    f"AWS_ACCESS_KEY_ID={AWS_EXAMPLE_ID}\n"
    f"AWS_SECRET_ACCESS_KEY={AWS_EXAMPLE_SECRET}\n"
)

DECOYS = (
    *(
        DecoyFile(name, ".env.example", ENV_EXAMPLE, "placeholders and the provider's documented example")
        for name in ("payments-api", "checkout-api", "cart-service", "ops-notify", "route-planner")
    ),
    DecoyFile(
        "payments-docs",
        "docs/authentication.md",
        "# Authentication\n\nSend your key as a bearer token:\n\n"
        "    curl https://api.halden.example/v1/charges -H 'Authorization: Bearer sk_live_" + "x" * 24 + "'\n\n"
        f"Uploads use an access key such as `{AWS_EXAMPLE_ID}`.\n\n"
        "```python\nclient = Client(api_key=os.environ['HALDEN_API_KEY'])\n```\n",
        "documentation with placeholders",
    ),
    DecoyFile(
        "payments-web",
        "tests/fixtures/cards.json",
        '{\n  "visa": {"number": "4242424242424242", "cvc": "123", "token": "tok_visa"},\n'
        '  "declined": {"number": "4000000000000002", "cvc": "123", "token": "tok_chargeDeclined"},\n'
        '  "password": "not-a-real-password"\n}\n',
        "test cards that every integrator uses",
    ),
    DecoyFile(
        "ledger",
        "deploy/vault.yaml",
        "vault:\n  address: https://vault.halden.example\n  role: ledger\ndatabase:\n"
        "  password: vault:kv/data/ledger/database#password\n  token: ${LEDGER_TOKEN}\n",
        "references to the vault",
    ),
    DecoyFile(
        "identity-proxy",
        "internal/token/vectors_test.go",
        "package token\n\n// Digests of known messages; see the standard's own examples.\n"
        "var vectors = map[string]string{\n"
        + "".join(f'\t"message {n}": "{_hex(f"message {n}")}",\n' for n in range(1, 7))
        + "}\n",
        "test vectors of a hash function",
    ),
    DecoyFile(
        "identity-proxy",
        "config/login-public.pem",
        _armour("PUBLIC KEY", "login", 8),
        "the public half of a signing key",
    ),
    DecoyFile(
        "identity-login",
        "locales/en.json",
        '{\n  "password": "Password",\n  "passwordHint": "At least twelve characters",\n'
        '  "forgotPassword": "Forgot your password?",\n  "apiToken": "Personal API token",\n'
        '  "secretQuestion": "Name of your first school"\n}\n',
        "texts about passwords",
    ),
    DecoyFile(
        "identity-directory",
        "tests/fixtures/people.sql",
        "INSERT INTO people (email, password_hash) VALUES\n"
        "  ('ada@halden.example', '!'),\n  ('grace@halden.example', '!');\n",
        "accounts without a password",
    ),
    DecoyFile(
        "platform-charts",
        "apps/gateway/sealed-secret.yaml",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: gateway\nspec:\n  encryptedData:\n"
        f"    password: {_sealed('gateway')}\n",
        "encrypted for the cluster",
    ),
    DecoyFile(
        "platform-charts",
        "values/production.enc.yaml",
        "database:\n    password: ENC[AES256_GCM,data:"
        + base64.b64encode(digest("sops")[:24]).decode()
        + ",iv:"
        + base64.b64encode(digest("iv")).decode()
        + ",tag:"
        + base64.b64encode(digest("tag")[:16]).decode()
        + ",type:str]\n",
        "encrypted with a key of the key service",
    ),
    DecoyFile(
        "platform-charts",
        "values/certificate.pem",
        _armour("CERTIFICATE", "gateway", 20),
        "a public certificate",
    ),
    DecoyFile(
        "platform-terraform",
        "modules/bootstrap/users.tf",
        'resource "random_password" "admin" {\n  length = 32\n}\n\nresource "vault_kv_secret_v2" "admin" {\n'
        '  mount = "kv"\n  name  = "bootstrap/admin"\n  data_json = jsonencode('
        "{ password = random_password.admin.result })\n}\n",
        "a password that is made and stored by the tool",
    ),
    DecoyFile(
        "platform-terraform",
        "modules/bootstrap/authorized_keys",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
        + base64.b64encode(digest("ssh")).decode().rstrip("=")
        + " mira.kos@halden.example\n",
        "a public key",
    ),
    DecoyFile(
        "storefront",
        "public/checksums.txt",
        "".join(f"{_hex('asset', str(n))}  static/chunk-{_hex(str(n))[:8]}.js\n" for n in range(12)),
        "checksums",
    ),
    DecoyFile(
        "retail-export",
        "db/ids.csv",
        "id,region\n"
        + "".join(
            f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]},{region}\n"
            for region in ("north", "south", "east", "west")
            for h in (_hex(region),)
        ),
        "identifiers",
    ),
    DecoyFile(
        "ops-notify",
        "ops_notify/password.py",
        '"""Ask for the password; it is never written down."""\n\nimport getpass\nimport os\n\n\n'
        'def password() -> str:\n    return os.environ.get("OPS_PASSWORD") or getpass.getpass("Password: ")\n\n\n'
        'def token(vault) -> str:\n    return vault.read("kv/ops/notify")["token"]\n',
        "reads from the environment, a prompt and the vault",
    ),
    DecoyFile(
        "mobile-android",
        "app/signing.gradle",
        "android {\n    signingConfigs {\n        release {\n"
        "            storePassword System.getenv('STORE_PASSWORD')\n"
        "            keyPassword System.getenv('KEY_PASSWORD')\n            keyAlias 'upload'\n        }\n    }\n}\n",
        "reads from the environment",
    ),
    DecoyFile(
        "store-locator",
        "src/config.js",
        "export const config = {\n  apiKey: process.env.MAPS_KEY,\n  token: 'YOUR_API_TOKEN',\n"
        "  password: '********',\n  version: '" + _hex("locator", algorithm="sha1") + "',\n};\n",
        "placeholders and a commit id",
    ),
)
