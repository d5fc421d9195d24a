"""Credentials that Contentful issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="contentful",
    label="Contentful",
    opens="Manages spaces and content as the person who made the token.",
    revoke="app.contentful.com > Account settings > Tokens > Personal access tokens > Revoke.",
    rotate="Generate a second token with an expiry, deploy it, then revoke the first.",
    documentation="https://www.contentful.com/developers/docs/references/authentication/",
    formats=(
        Format(
            slug="contentful-pat",
            label="Contentful personal access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>CFPAT-[A-Za-z0-9_-]{43})(?:[^\w-]|$)",
            examples=("CONTENTFUL_TOKEN=CFPAT-<[A-Za-z0-9_-]{43}>",),
            counter_examples=("CFPAT-<[A-Za-z0-9_-]{20}>",),
            public_prefix="CFPAT-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="contentful-delivery-token",
            label="Contentful delivery or preview token",
            kind=CredentialKind.API_KEY,
            pattern=near("contentful", "[A-Za-z0-9_-]{43}"),
            examples=("CONTENTFUL_DELIVERY_TOKEN=<[A-Za-z0-9]{43}>",),
            counter_examples=("CONTENTFUL_DELIVERY_TOKEN=<[A-Za-z0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
    ),
)
