"""Credentials that Adobe issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="adobe",
    label="Adobe",
    opens="Calls Adobe APIs as the project's service account, with the product profiles it was given.",
    revoke=(
        "developer.adobe.com/console > the project > OAuth Server-to-Server > Retrieve client secret > delete the "
        "old one."
    ),
    rotate="A credential takes two client secrets: add one, deploy it, then delete the first.",
    documentation="https://developer.adobe.com/developer-console/docs/guides/authentication/",
    formats=(
        Format(
            slug="adobe-client-secret",
            label="Adobe client secret",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>p8e-[A-Za-z0-9_-]{32})(?:[^\w-]|$)",
            examples=("ADOBE_CLIENT_SECRET=p8e-<[A-Za-z0-9_-]{32}>",),
            counter_examples=("p8e-<[A-Za-z0-9_-]{12}>",),
            public_prefix="p8e-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="adobe-older-client-secret",
            label="Adobe client secret beside its id",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:client_?id)[\"']?\s{0,3}:\s{0,3}[\"'][a-f0-9]{32}[\"'],?\s{0,8}[\"']?(?i:client_?secret)"
                r"[\"']?\s{0,3}:\s{0,3}"
                r"[\"'](?P<value>[A-Za-z0-9][A-Za-z0-9]{2}-[A-Za-z0-9_-]{32})[\"']"
            ),
            examples=('"client_id": "<[a-f0-9]{32}>", "client_secret": "q<[A-Za-z0-9]{2}>-<[A-Za-z0-9_-]{32}>"',),
            counter_examples=(
                '"client_id": "<[a-f0-9]{32}>", "client_secret": "q<[A-Za-z0-9]{2}>-<[A-Za-z0-9_-]{12}>"',
            ),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="adobe-key-in-context",
            label="Adobe client id or key",
            kind=CredentialKind.API_KEY,
            pattern=near("adobe", "[a-f0-9]{32}"),
            examples=("ADOBE_CLIENT_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ADOBE_CLIENT_KEY=<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
