"""Credentials that NuGet issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nuget",
    label="NuGet",
    opens="Pushes packages to nuget.org as the account, for the packages that the key's pattern names.",
    revoke="nuget.org > account > API Keys > Delete (or Regenerate).",
    rotate=(
        "Create a second key with the same package pattern, deploy it, then delete the first; better, use trusted "
        "publishing."
    ),
    documentation="https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package",
    formats=(
        Format(
            slug="nuget-api-key",
            label="NuGet API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\boy2[a-z0-9]{43}\b",
            examples=("dotnet nuget push --api-key oy2<[a-z2-7]{43}>",),
            counter_examples=("oy2<[a-z2-7]{30}>",),
            public_prefix="oy2",
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
