"""Credentials that Meta (Facebook and Instagram) issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="facebook",
    label="Meta (Facebook and Instagram)",
    opens=(
        "Calls the Graph API as the app, page or person that it was issued for; with the app secret every token of "
        "the app can be made."
    ),
    revoke=(
        "developers.facebook.com > My apps > the app > Settings > Basic > App secret > Reset; a user's token with "
        "DELETE /me/permissions."
    ),
    rotate=(
        "The app secret has no overlap: reset it and deploy at once; page and system-user tokens can be generated "
        "anew first, under Business settings > System users."
    ),
    documentation="https://developers.facebook.com/docs/facebook-login/guides/access-tokens",
    formats=(
        Format(
            slug="facebook-access-token",
            label="Meta access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>EAA[A-Za-z0-9]{80,400})\b",
            examples=("access_token=EAA<[A-Za-z0-9]{180}>",),
            counter_examples=("EAA<[A-Za-z0-9]{30}>",),
            public_prefix="EAA",
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="facebook-instagram-token",
            label="Instagram access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>IG(?:QV|QW|AA)[A-Za-z0-9_-]{100,250})(?:[^\w-]|$)",
            examples=("IGQV<[A-Za-z0-9_-]{150}>",),
            counter_examples=("IGQV<[A-Za-z0-9_-]{20}>",),
            public_prefix="IG",
            min_entropy=3.0,
        ),
        Format(
            slug="facebook-app-token",
            label="Meta app secret or client token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:(?:facebook|instagram|\bfb)[\w .-]{0,20}(?:key|secret|token|access)\w{0,9})"
                r"[\s\"':=>,(]{1,8}(?P<value>[a-f0-9]{32}|[A-Z][A-Za-z0-9]{51,300})(?:[^\w-]|$)"
            ),
            examples=("FACEBOOK_APP_SECRET=<[a-f0-9]{32}>",),
            counter_examples=("FACEBOOK_APP_SECRET=<[a-f0-9]{28}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="facebook-token-in-address",
            label="Meta access token in an address",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"graph\.(?:facebook|instagram)\.com/[\w./-]{0,80}\?[\w=&.,-]{0,80}?access_token="
                r"(?P<value>[A-DF-Z][A-Za-z0-9]{50,300})(?:[^\w-]|$)"
            ),
            examples=("https://graph.facebook.com/me/friends?access_token=B<[A-Za-z0-9]{120}>",),
            counter_examples=("https://graph.facebook.com/me?access_token=B<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
