"""Credentials that Walk Score issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="walk-score",
    label="Walk Score",
    opens="Reads scores at the account's rate limit.",
    revoke="Ask at https://www.walkscore.com/professional/ to have the key replaced; the old one is then disabled.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://www.walkscore.com/professional/api.php",
    formats=(
        Format(
            slug="walk-score-api-key",
            label="Walk Score API key",
            kind=CredentialKind.API_KEY,
            pattern=near("walk_?score", "[a-f0-9]{32}"),
            examples=("WALK_SCORE_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("WALK_SCORE_API_KEY=<[a-f0-9]{27}>", "WALK_SCORE_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
