"""Credentials that Teamwork.com issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="teamwork",
    label="Teamwork.com",
    opens="Reads and changes projects, desk tickets and spaces as the person.",
    revoke="Teamwork > Profile > Edit my details > API & Mobile > Show or reset your token.",
    rotate="There is one token for each person: use a service user, reset it and deploy at once.",
    documentation="https://apidocs.teamwork.com/",
    formats=(
        Format(
            slug="teamwork-token",
            label="Teamwork token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>tkn\.v1_[A-Za-z0-9_=+/-]{60,80}={0,2})(?:[^\w=+/-]|$)",
            examples=("TEAMWORK_TOKEN=tkn.v1_<[A-Za-z0-9]{70}>=",),
            counter_examples=("tkn.v1_<[A-Za-z0-9]{20}>",),
            public_prefix="tkn.v1_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
