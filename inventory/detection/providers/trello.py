"""Credentials that Trello issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="trello",
    label="Trello",
    opens="Reads and changes the boards of the person who authorised the token.",
    revoke="trello.com > Settings > Applications > Revoke; or DELETE /1/tokens/TOKEN.",
    rotate=(
        "Authorise a second token, deploy it, then revoke the first; the API secret under trello.com/power-ups/admin."
    ),
    documentation="https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/",
    formats=(
        Format(
            slug="trello-token",
            label="Trello token, newer form",
            kind=CredentialKind.API_KEY,
            pattern=r"\bATTA[a-f0-9]{72}\b",
            examples=("TRELLO_TOKEN=ATTA<[a-f0-9]{72}>",),
            counter_examples=("ATTA<[a-f0-9]{40}>",),
            public_prefix="ATTA",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="trello-key-or-token",
            label="Trello API key or token",
            kind=CredentialKind.API_KEY,
            pattern=near("trello", "[a-f0-9]{64}|[a-zA-Z0-9]{32}"),
            examples=("TRELLO_TOKEN=<[a-f0-9]{64}>",),
            counter_examples=("TRELLO_TOKEN=<[a-f0-9]{60}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
