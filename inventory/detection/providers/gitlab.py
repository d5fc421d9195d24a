"""Credentials that GitLab issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="gitlab",
    label="GitLab",
    opens=(
        "Acts on GitLab as the user, project, group or runner that it belongs to: reads and pushes code, and with "
        "the api scope does all that its owner may."
    ),
    revoke=(
        "GitLab > User settings > Access tokens > Revoke; group, project and deploy tokens under the group's or "
        "project's Settings; or DELETE /api/v4/personal_access_tokens/ID."
    ),
    rotate=(
        "POST /api/v4/personal_access_tokens/ID/rotate gives a new value and ends the old one at once; for no gap, "
        "create a second token, deploy it, then revoke the first."
    ),
    documentation="https://docs.gitlab.com/security/tokens/",
    formats=(
        Format(
            slug="gitlab-pat",
            label="GitLab personal, group or project access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"\b(?P<value>glpat-(?:[A-Za-z0-9_-]{20}|[A-Za-z0-9_-]{27,300}\.[0-9a-z]{2}\.?[a-z0-9]{7,9}))(?:"
                r"[^\w-]|$)"
            ),
            examples=("GITLAB_TOKEN=glpat-<[A-Za-z0-9_-]{20}>", "glpat-<[A-Za-z0-9_-]{27}>.01.<[a-z0-9]{9}>"),
            counter_examples=("glpat-<[A-Za-z0-9_-]{10}>", "glpat-<[x]{20}>", "glpat-<[A-Za-z0-9_-]{24}>"),
            public_prefix="glpat-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="gitlab-deploy-token",
            label="GitLab deploy token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>gldt-[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=("docker login -p gldt-<[A-Za-z0-9_-]{20}>",),
            counter_examples=("gldt-<[A-Za-z0-9_-]{12}>",),
            public_prefix="gldt-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-runner-token",
            label="GitLab runner authentication token",
            kind=CredentialKind.CI_TOKEN,
            pattern=(
                r"\b(?P<value>glrtr?-(?:t[0-9]_)?[A-Za-z0-9_-]{20}|glrtr?-[A-Za-z0-9_-]{27,300}\.[0-9a-z]{2}\.?"
                r"[a-z0-9]{7,9})(?:[^\w-]|$)"
            ),
            examples=("gitlab-runner register --token glrt-<[A-Za-z0-9_-]{20}>",),
            counter_examples=("glrt-<[A-Za-z0-9_-]{10}>",),
            public_prefix="glrt-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-runner-registration-token",
            label="GitLab runner registration token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\b(?P<value>GR1348941[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=('--registration-token "GR1348941<[A-Za-z0-9_-]{20}>"',),
            counter_examples=("GR1348941<[A-Za-z0-9_-]{10}>",),
            public_prefix="GR1348941",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-trigger-token",
            label="GitLab pipeline trigger token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\b(?P<value>glptt-[A-Za-z0-9_-]{40})(?:[^\w-]|$)",
            examples=("token=glptt-<[a-f0-9]{40}>",),
            counter_examples=("glptt-<[a-f0-9]{20}>",),
            public_prefix="glptt-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-ci-job-token",
            label="GitLab CI job token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\b(?P<value>glcbt-[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=("CI_JOB_TOKEN=glcbt-64_<[A-Za-z0-9_-]{20}>",),
            counter_examples=("glcbt-<[A-Za-z0-9_-]{8}>",),
            public_prefix="glcbt-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-oauth-app-secret",
            label="GitLab OAuth application secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>gloas-[A-Za-z0-9_-]{64})(?:[^\w-]|$)",
            examples=("client_secret: gloas-<[a-f0-9]{64}>",),
            counter_examples=("gloas-<[a-f0-9]{30}>",),
            public_prefix="gloas-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-scim-token",
            label="GitLab SCIM token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>glsoat-[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=("glsoat-<[A-Za-z0-9_-]{20}>",),
            counter_examples=("glsoat-<[A-Za-z0-9_-]{10}>",),
            public_prefix="glsoat-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="gitlab-feed-token",
            label="GitLab feed token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>glft-[A-Za-z0-9_-]{20,80})(?:[^\w-]|$)",
            examples=("feed_token=glft-<[A-Za-z0-9_-]{20}>",),
            counter_examples=("glft-<[A-Za-z0-9_-]{10}>",),
            public_prefix="glft-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-incoming-mail-token",
            label="GitLab incoming mail token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>glimt-[A-Za-z0-9_-]{25})(?:[^\w-]|$)",
            examples=("glimt-<[A-Za-z0-9_-]{25}>",),
            counter_examples=("glimt-<[A-Za-z0-9_-]{10}>",),
            public_prefix="glimt-",
            min_entropy=3.0,
        ),
        Format(
            slug="gitlab-agent-token",
            label="GitLab agent for Kubernetes token",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"\b(?P<value>glagent-[A-Za-z0-9_-]{50})(?:[^\w-]|$)",
            examples=("--set config.token=glagent-<[A-Za-z0-9_-]{50}>",),
            counter_examples=("glagent-<[A-Za-z0-9_-]{30}>",),
            public_prefix="glagent-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="gitlab-feature-flag-token",
            label="GitLab feature flags client token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>glffct-[A-Za-z0-9_-]{20})(?:[^\w-]|$)",
            examples=("glffct-<[A-Za-z0-9_-]{20}>",),
            counter_examples=("glffct-<[A-Za-z0-9_-]{10}>",),
            public_prefix="glffct-",
            min_entropy=3.0,
        ),
    ),
)
