"""Credentials that HashiCorp Vault issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="hashicorp-vault",
    label="HashiCorp Vault",
    opens=(
        "Reads and writes whatever the token's policies allow in Vault; a root token everything, unseal keys open "
        "the vault itself."
    ),
    revoke=(
        "`vault token revoke TOKEN` or `vault token revoke -accessor ACCESSOR`; or PUT /v1/auth/token/revoke. "
        "A secret id of an AppRole: `vault write auth/approle/role/ROLE/secret-id/destroy secret_id=ID`. "
        "Unseal keys: `vault operator rekey`."
    ),
    rotate=(
        "Let the workload log in anew by its auth method (AppRole, Kubernetes, JWT), then revoke the old token; "
        "prefer short TTLs to long-lived tokens."
    ),
    documentation="https://developer.hashicorp.com/vault/docs/concepts/tokens",
    formats=(
        Format(
            slug="hashicorp-vault-service-token",
            label="HashiCorp Vault service token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>hvs\.[A-Za-z0-9_-]{24,200})(?:[^\w-]|$)",
            examples=("VAULT_TOKEN=hvs.<[A-Za-z0-9_-]{90}>",),
            counter_examples=("hvs.<[A-Za-z0-9_-]{12}>",),
            public_prefix="hvs.",
            min_entropy=3.3,
            opens_organisation=True,
        ),
        Format(
            slug="hashicorp-vault-batch-token",
            label="HashiCorp Vault batch token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>hvb\.[A-Za-z0-9_-]{24,300})(?:[^\w-]|$)",
            examples=("VAULT_TOKEN=hvb.<[A-Za-z0-9_-]{140}>",),
            counter_examples=("hvb.<[A-Za-z0-9_-]{12}>",),
            public_prefix="hvb.",
            min_entropy=3.3,
        ),
        Format(
            slug="hashicorp-vault-recovery-token",
            label="HashiCorp Vault recovery token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>hvr\.[A-Za-z0-9_-]{24,300})(?:[^\w-]|$)",
            examples=("hvr.<[A-Za-z0-9_-]{100}>",),
            counter_examples=("hvr.<[A-Za-z0-9_-]{12}>",),
            public_prefix="hvr.",
            min_entropy=3.3,
            opens_organisation=True,
        ),
        Format(
            slug="hashicorp-vault-legacy-token",
            label="HashiCorp Vault token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"(?i:vault)[\w .-]{0,24}[\s\"':=>,(]{1,6}"
            r"(?P<value>[sbr]\.(?:[A-Za-z0-9]{24}|[A-Za-z0-9_-]{80,140}))(?:[^\w.-]|$)",
            examples=(
                "VAULT_TOKEN=s.<[A-Za-z0-9]{24}>",
                "-vaultToken s.<[A-Za-z0-9]{60}>-<[A-Za-z0-9]{4}>_<[A-Za-z0-9]{28}>",
            ),
            counter_examples=("VAULT_TOKEN=s.<[A-Za-z0-9]{12}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
        Format(
            slug="hashicorp-vault-approle-secret-id",
            label="HashiCorp Vault AppRole secret id",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near(r"(?:vault|approle|\bbao)", UUID, called=r"secret[_-]?id"),
            examples=(
                "VAULT_SECRET_ID=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",
                'approle_secret_id: "<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>"',
            ),
            counter_examples=(
                "SECRET_ID=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",
                "VAULT_SECRET_ID=<[a-f0-9]{32}>",
            ),
            min_entropy=2.8,
            named_by="hashicorp-vault-approle-role-id",
        ),
        Format(
            slug="hashicorp-vault-approle-role-id",
            label="HashiCorp Vault AppRole role id",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near(r"(?:vault|approle|\bbao)", UUID, called=r"role[_-]?id"),
            examples=("VAULT_ROLE_ID=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("ROLE_ID=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            public_by_design=True,
            min_entropy=2.8,
        ),
        Format(
            slug="hashicorp-vault-unseal-key",
            label="HashiCorp Vault unseal key",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=(
                r"(?i:unseal(?:\s{1,2}key)?(?:\s{0,2}[0-9])?)[\s\"':=]{1,4}"
                r"(?P<value>[A-Za-z0-9+/]{44})(?:[^A-Za-z0-9+/=]|$)"
            ),
            examples=("Unseal Key 1: <[A-Za-z0-9+/]{44}>",),
            counter_examples=("Unseal Key 1: <[A-Za-z0-9+/]{30}>",),
            min_entropy=4.0,
            opens_organisation=True,
        ),
    ),
)
