"""What a provider of credentials is: its formats, what they open, and how one is revoked and rotated.

One file per provider in `providers/`, each holding one `PROVIDER`. Nothing else is touched to add one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from posture.common.registry import attribute, discover


class CredentialKind(StrEnum):
    """What sort of credential a format is; policies, playbooks and pages group by it."""

    CLOUD_KEY = "cloud-key"
    PLATFORM_TOKEN = "platform-token"
    API_KEY = "api-key"
    CI_TOKEN = "ci-token"
    DATABASE_PASSWORD = "database-password"
    PASSWORD = "password"
    PRIVATE_KEY = "private-key"
    SIGNED_TOKEN = "signed-token"
    WEBHOOK = "webhook"
    GENERIC_SECRET = "generic-secret"

    @property
    def has_issuer(self) -> bool:
        """Whether somebody issued it who can be named; a password is accepted by whatever it was set in."""
        return self not in {
            CredentialKind.PASSWORD,
            CredentialKind.DATABASE_PASSWORD,
            CredentialKind.PRIVATE_KEY,
            CredentialKind.SIGNED_TOKEN,
            CredentialKind.GENERIC_SECRET,
        }

    @property
    def label(self) -> str:
        """The kind in the reader's words."""
        return {
            "cloud-key": "Cloud key",
            "platform-token": "Platform token",
            "api-key": "API key",
            "ci-token": "CI token",
            "database-password": "Database password",
            "password": "Password",
            "private-key": "Private key",
            "signed-token": "Signed token",
            "webhook": "Webhook address",
            "generic-secret": "Generic secret",
        }[self.value]


class Confidence(StrEnum):
    """How sure a match is: high for a format nobody else uses, low for entropy alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Format:
    """One shape in which a provider's credential appears in text.

    `pattern` is a bytes-compatible regular expression in the subset that both hyperscan and the `regex`
    module take: no look-around, no back-references, no named groups but `value`, bounded repeats.
    The group `(?P<value>…)` marks the secret; without it the whole match is the secret. Where the token alone has
    no prefix of its own, give it a context: `near("acme", "[a-z0-9]{32}")` of `inventory.detection.context`. Case
    matters unless the pattern starts with `(?i)`.

    `examples` and `counter_examples` are templates, so that no secret-looking value is committed:
    `<[A-Z2-7]{16}>` stands for 16 random characters of that class, `<[a-f0-9]{32,40}>` for 32 to 40, made at run time.
    A test expands every example and demands that exactly this format finds it, and that no format
    of this provider finds a counter-example.
    """

    slug: str
    label: str
    kind: CredentialKind
    pattern: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HIGH
    public_prefix: str = ""
    """The part of every such value that is no secret (`ghp_`), and may be shown."""
    min_entropy: float = 0.0
    """Least Shannon entropy per byte, in bits (0-8), that the value must have."""
    opens_organisation: bool = False
    """Whether such a credential reaches a whole organisation or account rather than one resource."""
    public_by_design: bool = False
    """Publishable keys and client ids: severity info."""
    named_by: str = ""
    """Slug of the format of the identifier that its issuer knows it by and that stands beside it: a key's id."""
    guess: bool = False
    """Whether it goes by a name and by how a value looks, so that only files of one's own are worth listing."""

    @property
    def guessable(self) -> bool:
        """Whether people may have chosen its values, which can be guessed then, however long they look (W27)."""
        return self.guess or self.kind in {
            CredentialKind.PASSWORD,
            CredentialKind.DATABASE_PASSWORD,
            CredentialKind.GENERIC_SECRET,
        }


@dataclass(frozen=True)
class Provider:
    """Who issues the credentials, in words that a person who has to act can follow."""

    slug: str
    label: str
    opens: str
    """What a holder can do with it, one sentence."""
    revoke: str
    """Where and how to make it dead at the issuer, with the console path or the API call."""
    rotate: str
    """How to replace it without downtime, one or two sentences."""
    documentation: str
    """The issuer's own page, https."""
    formats: tuple[Format, ...]


@cache
def providers() -> MappingProxyType[str, Provider]:
    """Return every provider by slug."""
    return discover("inventory.detection.providers", attribute("PROVIDER"), lambda provider: provider.slug)


@cache
def formats() -> MappingProxyType[str, tuple[Provider, Format]]:
    """Return every format by its slug, with its provider.

    Raises:
        ValueError: two formats have the same slug.
    """
    found: dict[str, tuple[Provider, Format]] = {}
    for provider in providers().values():
        for each in provider.formats:
            if each.slug in found:
                raise ValueError(f"format slug {each.slug!r} of {provider.slug} is taken")
            found[each.slug] = (provider, each)
    return MappingProxyType(found)
