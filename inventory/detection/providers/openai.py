"""Credentials that OpenAI issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="openai",
    label="OpenAI",
    opens="Calls the models at the organisation's cost and reads its files, assistants and fine-tunes.",
    revoke="platform.openai.com > API keys > Revoke (delete); admin keys under Organization settings > Admin keys.",
    rotate="Create a second key in the same project, deploy it, check Last used of the first, then revoke it.",
    documentation="https://platform.openai.com/docs/api-reference/authentication",
    formats=(
        Format(
            slug="openai-api-key",
            label="OpenAI API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"\b(?P<value>sk-(?:(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{20,90}T3BlbkFJ"
                r"[A-Za-z0-9_-]{20,90}|[A-Za-z0-9]{48}))(?:[^\w-]|$)"
            ),
            examples=(
                "OPENAI_API_KEY=sk-proj-<[A-Za-z0-9]{74}>T3BlbkFJ<[A-Za-z0-9]{74}>",
                "sk-<[A-Za-z0-9]{20}>T3BlbkFJ<[A-Za-z0-9]{20}>",
                "sk-<[A-Za-z0-9]{48}>",
            ),
            counter_examples=("sk-<[A-Za-z0-9]{20}>T3BlbkFJ<[A-Za-z0-9]{5}>", "sk-<[x]{48}>"),
            public_prefix="sk-",
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
