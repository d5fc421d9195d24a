"""Credentials that Google reCAPTCHA issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="recaptcha",
    label="Google reCAPTCHA",
    opens="Verifies answers of the site's visitors; a holder can call verification in the site's name.",
    revoke="google.com/recaptcha/admin > the site > Settings > reCAPTCHA keys > Regenerate.",
    rotate="There is one secret key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.google.com/recaptcha/docs/settings",
    formats=(
        Format(
            slug="recaptcha-secret-key",
            label="Google reCAPTCHA secret key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:re)?captcha", "6[A-Za-z0-9_-]{39}", called="secret|private"),
            examples=("RECAPTCHA_SECRET_KEY=6L<[A-Za-z0-9_-]{38}>",),
            counter_examples=("RECAPTCHA_SECRET_KEY=6L<[A-Za-z0-9_-]{33}>", "RECAPTCHA_SECRET_KEY=6L<[x]{38}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
