"""Credentials that Zoho issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zoho",
    label="Zoho",
    opens="Calls Zoho APIs as the person who authorised the client.",
    revoke=(
        "POST https://accounts.zoho.com/oauth/v2/token/revoke?token=TOKEN; clients under api-console.zoho.com > Delete."
    ),
    rotate="Authorise again for a second refresh token, deploy it, then revoke the first.",
    documentation="https://www.zoho.com/accounts/protocol/oauth/web-apps/revoke-tokens.html",
    formats=(
        Format(
            slug="zoho-oauth-token",
            label="Zoho OAuth token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b1000\.[a-f0-9]{32}\.[a-f0-9]{32}\b",
            examples=("ZOHO_REFRESH_TOKEN=1000.<[a-f0-9]{32}>.<[a-f0-9]{32}>",),
            counter_examples=("1000.<[a-f0-9]{32}>.<[a-f0-9]{10}>",),
            public_prefix="1000.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
