"""Credentials that Snowflake issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="snowflake",
    label="Snowflake",
    opens="Signs in to Snowflake as the user and reads what its roles may read.",
    revoke=(
        "`ALTER USER NAME REMOVE PROGRAMMATIC ACCESS TOKEN TOKEN_NAME`; passwords with `ALTER USER NAME SET "
        "PASSWORD = ...` or DISABLED = TRUE."
    ),
    rotate=(
        "Programmatic tokens: `ALTER USER NAME ROTATE PROGRAMMATIC ACCESS TOKEN T EXPIRE_ROTATED_TOKEN_AFTER_HOURS "
        "= 24`; passwords: make a second user, or change to key-pair sign-in, which takes two keys."
    ),
    documentation="https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
    formats=(
        Format(
            slug="snowflake-password",
            label="Snowflake password",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=(
                r"(?i:snowflake|\bsnowsql)[\w .-]{0,16}(?i:password|passwd|pwd)[\s\"':=>]{1,6}"
                r"(?P<value>[^\s\"'<>${}(),;*]{8,64})(?:[\s\"',;)]|$)"
            ),
            examples=("SNOWFLAKE_PASSWORD=<[A-Za-z0-9]{14}>",),
            counter_examples=("SNOWFLAKE_PASSWORD=${SECRET_PASSWORD}", "SNOWFLAKE_PASSWORD=********"),
            confidence=Confidence.MEDIUM,
            min_entropy=2.8,
        ),
    ),
)
