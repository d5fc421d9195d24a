"""Credentials that Django issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="django",
    label="Django",
    opens="Forges sessions, password reset links and signed cookies of the site, and with pickle sessions runs code.",
    revoke=(
        "Set a new `SECRET_KEY` in the site's settings or environment and restart every process; all signatures "
        "made with the old one end."
    ),
    rotate=(
        "Set the new key as SECRET_KEY and put the old one into SECRET_KEY_FALLBACKS for as long as sessions last, "
        "then remove it."
    ),
    documentation="https://docs.djangoproject.com/en/5.2/ref/settings/#secret-key",
    formats=(
        Format(
            slug="django-secret-key",
            label="Django secret key",
            kind=CredentialKind.GENERIC_SECRET,
            pattern=(
                r"(?i:(?:django_)?secret_key)[\s\"']{0,3}[=:,]\s{0,3}[\"']"
                r"(?P<value>(?:django-insecure-)?[A-Za-z0-9!@#$%^&*()_+=-]{32,120})[\"']"
            ),
            examples=("SECRET_KEY = 'django-insecure-<[A-Za-z0-9]{50}>'",),
            counter_examples=("SECRET_KEY = 'hmm'", "SECRET_KEY = os.environ['DJANGO_SECRET_KEY']"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
        ),
    ),
)
