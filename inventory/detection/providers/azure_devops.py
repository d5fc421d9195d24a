"""Credentials that Azure DevOps issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="azure-devops",
    label="Azure DevOps",
    opens=(
        "Reads and pushes code, edits pipelines and reads their variables in every organisation that the token's "
        "scope names, as the person who made it."
    ),
    revoke=(
        "dev.azure.com > User settings > Personal access tokens > Revoke; an administrator can revoke for others "
        "with the Revoke API of Token Administration."
    ),
    rotate=(
        "Create a new token with the same scopes and a short life, replace it where it is used, then revoke the old "
        "one; for pipelines use a service connection with workload identity instead."
    ),
    documentation="https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    formats=(
        Format(
            slug="azure-devops-pat",
            label="Azure DevOps personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})\b",
            examples=("AZDO_PERSONAL_ACCESS_TOKEN=<[A-Za-z0-9]{52}>JQQJ99<[A-Za-z0-9]{18}>AZDO<[A-Za-z0-9]{4}>",),
            counter_examples=("<[A-Za-z0-9]{52}>JQQJ99<[A-Za-z0-9]{18}>AZDO<[A-Za-z0-9]{2}>",),
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="azure-devops-legacy-pat",
            label="Azure DevOps personal access token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:(?:azure[_ .-]?devops|azdo|ado|vsts|visualstudio|tfs|personal[_ .-]?access)[\w ./-]{0,30}"
                r"(?:pat|token|key))"
                r"[\s\"':=>,(|]{1,8}(?P<value>[a-z2-7]{52})(?:[^\w-]|$)"
            ),
            examples=('ado_pat = "<[a-z2-7]{52}>"',),
            counter_examples=('ado_pat = "<[a-z2-7]{50}>"',),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
