"""Credentials that PyPI issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pypi",
    label="PyPI",
    opens="Uploads releases to the project, or to all projects of the user, that the token names.",
    revoke="pypi.org > Account settings > API tokens > Options > Remove token.",
    rotate=(
        "Add a second token for the same project, deploy it, then remove the first; better, publish by trusted "
        "publishing without any token."
    ),
    documentation="https://pypi.org/help/#apitoken",
    formats=(
        Format(
            slug="pypi-api-token",
            label="PyPI API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000})(?:[^\w-]|$)",
            examples=("password = pypi-AgEIcHlwaS5vcmc<[A-Za-z0-9_-]{150}>",),
            counter_examples=("pypi-AgEIcHlwaS5vcmc<[A-Za-z0-9_-]{10}>",),
            public_prefix="pypi-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="pypi-test-token",
            label="TestPyPI API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>pypi-AgENdGVzdC5weXBpLm9yZw[A-Za-z0-9_-]{50,1000})(?:[^\w-]|$)",
            examples=("password = pypi-AgENdGVzdC5weXBpLm9yZw<[A-Za-z0-9_-]{150}>",),
            counter_examples=("pypi-AgENdGVzdC5weXBpLm9yZw<[A-Za-z0-9_-]{10}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="pypi-",
            min_entropy=3.0,
        ),
    ),
)
