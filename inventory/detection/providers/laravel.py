"""Credentials that Laravel issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="laravel",
    label="Laravel",
    opens="Decrypts cookies and stored values of the application, and forges them; with old versions that runs code.",
    revoke="`php artisan key:generate` on the server and restart; sessions and values encrypted with the old key end.",
    rotate="Put the old key into APP_PREVIOUS_KEYS while the new APP_KEY is in use, then remove it.",
    documentation="https://laravel.com/docs/encryption",
    formats=(
        Format(
            slug="laravel-app-key",
            label="Laravel application key",
            kind=CredentialKind.GENERIC_SECRET,
            pattern=r"\bAPP_KEY\s{0,3}[=:]\s{0,3}[\"']?(?P<value>base64:[A-Za-z0-9+/]{43}=)",
            examples=("APP_KEY=base64:<[A-Za-z0-9+/]{43}>=",),
            counter_examples=("APP_KEY=base64:<[A-Za-z0-9+/]{20}>=",),
            public_prefix="base64:",
            min_entropy=3.7,
        ),
    ),
)
