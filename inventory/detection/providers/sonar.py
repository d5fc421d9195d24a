"""Credentials that SonarQube and SonarCloud issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="sonar",
    label="SonarQube and SonarCloud",
    opens="Analyses projects and, as a user token, does everything that its person may: reads source and findings.",
    revoke="The server or sonarcloud.io > My account > Security > Revoke; or POST /api/user_tokens/revoke.",
    rotate="Generate a second token of the same type with an expiry, deploy it, then revoke the first.",
    documentation="https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/",
    formats=(
        Format(
            slug="sonar-token",
            label="SonarQube token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\bsq[upa]_[a-f0-9]{40}\b",
            examples=("SONAR_TOKEN=squ_<[a-f0-9]{40}>",),
            counter_examples=("squ_<[a-f0-9]{20}>", "squ_<[x]{40}>"),
            public_prefix="sq",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="sonar-legacy-token",
            label="SonarQube or SonarCloud token, older form",
            kind=CredentialKind.CI_TOKEN,
            pattern=(
                r"(?i:sonar[\w.-]{0,20}(?:login|token|key|secret))[\s\"':=>,(]{1,6}"
                r"(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("-Dsonar.login=<[a-f0-9]{40}>",),
            counter_examples=("-Dsonar.login=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
