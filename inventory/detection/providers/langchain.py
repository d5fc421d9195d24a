"""Credentials that LangSmith issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="langchain",
    label="LangSmith",
    opens="Reads and writes traces, prompts and data sets of the workspace, with all text that went through them.",
    revoke="smith.langchain.com > Settings > API keys > Delete.",
    rotate="Create a second service key for the workspace, deploy it, then delete the first.",
    documentation="https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key",
    formats=(
        Format(
            slug="langchain-api-key",
            label="LangSmith API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\blsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}\b",
            examples=("LANGSMITH_API_KEY=lsv2_pt_<[a-f0-9]{32}>_<[a-f0-9]{10}>",),
            counter_examples=("lsv2_pt_<[a-f0-9]{20}>", "lsv2_pt_<[x]{32}>_<[x]{10}>"),
            public_prefix="lsv2_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
