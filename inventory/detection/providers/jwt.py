"""JSON Web Tokens of any issuer."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jwt",
    label="JSON Web Token",
    opens="Whatever its issuer lets the bearer do until the token expires; its claims name the issuer and the subject.",
    revoke="Decode the claims to find the issuer, revoke the session or service account there, and rotate the "
    "signing key if the issuer cannot revoke single tokens.",
    rotate="Issue a new short-lived token from the issuer at run time instead of storing one.",
    documentation="https://datatracker.ietf.org/doc/html/rfc7519",
    formats=(
        Format(
            slug="jwt",
            label="JSON Web Token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{20,1400}",
            examples=(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI<[A-Za-z0-9]{40}>.<[A-Za-z0-9_]{43}>",
                "Cookie: session=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ<[A-Za-z0-9]{64}>.<[A-Za-z0-9_]{342}>",
            ),
            counter_examples=(
                # Unsigned, truncated, and the specimen that every tutorial prints.
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiI<[A-Za-z0-9]{40}>.<[A-Za-z0-9_]{43}>",
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI<[A-Za-z0-9]{40}>",
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.<[A-Za-z0-9_]{43}>",
            ),
        ),
        Format(
            slug="jwt-base64",
            label="JSON Web Token, base64-encoded once more",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\bZXlK[A-Za-z0-9+/]{80}",
            examples=("ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5LmV5SnpkV0lpT2lK<[a-z]{40}>LkFB<[a-z]{40}>",),
            counter_examples=("ZXlK<[a-z]{100}>",),
        ),
    ),
)
