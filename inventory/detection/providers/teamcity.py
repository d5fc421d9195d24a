"""Credentials that TeamCity issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="teamcity",
    label="TeamCity",
    opens="Starts builds and reads their settings as the user that owns the token.",
    revoke="TeamCity > Your profile > Access tokens > Delete; or DELETE /app/rest/users/USER/tokens/NAME.",
    rotate="Create a second access token with the same permission scope, deploy it, then delete the first.",
    documentation="https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html",
    formats=(
        Format(
            slug="teamcity-access-token",
            label="TeamCity access token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\beyJ0eXAiOiAiVENWMiJ9\.[A-Za-z0-9_-]{36}\.[A-Za-z0-9_-]{48}\b",
            examples=("eyJ0eXAiOiAiVENWMiJ9.<[A-Za-z0-9]{36}>.<[A-Za-z0-9]{48}>",),
            counter_examples=("eyJ0eXAiOiAiVENWMiJ9.<[A-Za-z0-9]{10}>.<[A-Za-z0-9]{10}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
