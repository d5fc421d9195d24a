"""People, teams and what lets them in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserQuerySet(models.QuerySet["User"]):
    """Questions about people."""

    def active(self) -> UserQuerySet:
        """Return the people who may sign in."""
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; e-mail addresses are kept in lower case, so that one person is one row."""

    def create_user(self, email: str, *, name: str = "", role: str = "member", password: str | None = None) -> User:
        """Make a person; without a password they sign in by link only."""
        user = User(email=email.strip().lower(), name=name or email.split("@")[0], role=role)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail in any case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. The organisation-wide role says what they see; memberships say which teams are theirs."""

    class Role(models.TextChoices):
        """Roles over the whole organisation."""

        LEADER = "leader", "Security leader"
        ENGINEER = "engineer", "Security engineer"
        MEMBER = "member", "Team member"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    session_generation = models.PositiveIntegerField(default=0)
    """Counted up to end every session of the person at once."""

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=models.functions.Lower("email")), name="user_email_lower")
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Bind sessions to password and generation: when either changes, all sessions of the person end."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Accept sessions bound under the signing keys that are being retired."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, key: str | bytes) -> str:
        bound = f"{self.session_generation}:{self.password}"
        return salted_hmac("accounts.session", bound, secret=key, algorithm="sha256").hexdigest()

    @property
    def sees_everything(self) -> bool:
        """Whether the person's role covers the whole organisation."""
        return self.role in {self.Role.LEADER, self.Role.ENGINEER}

    @property
    def configures(self) -> bool:
        """Whether the person may set up sources, ownership rules and people."""
        return self.role == self.Role.ENGINEER

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        parts = self.name.split()
        return ("".join(part[0] for part in parts[:2]) or "?").upper()


class Team(models.Model):
    """A team in the organisation's tree; it owns assets and exposures, and is scored."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    handles = models.JSONField(default=list, blank=True)
    """CODEOWNERS handles that mean this team, such as `@halden/payments`."""
    score_due = models.BooleanField(default=True)
    """Set in the same transaction as a change of what the score reads; cleared when the score was taken."""
    created_at = models.DateTimeField(default=timezone.now)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    team_paths = ("pk",)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="team_not_own_parent")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a team."""

    class Role(models.TextChoices):
        """Roles within a team and the teams below it."""

        LEAD = "lead", "Team lead"
        DEVELOPER = "developer", "Developer"

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.DEVELOPER)

    team_paths = ("team",)

    class Meta:
        ordering = ["team__name", "user__name"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


def digest(token: str) -> str:
    """Hash a link or API token for storage; they are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLink(models.Model):
    """A single-use link that signs one person in; only its hash is kept."""

    class Purpose(models.TextChoices):
        """What the link was made for."""

        SIGN_IN = "sign-in", "Sign in"
        INVITATION = "invitation", "Invitation"

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.SIGN_IN)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.purpose} link of {self.user}"


class SignInCounter(models.Model):
    """How often sign-in was tried for one account or from one address; shared by all web processes."""

    key = models.CharField(max_length=64, primary_key=True)
    """A keyed hash: what people type into the e-mail field is not kept."""
    count = models.PositiveIntegerField()
    started_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.started_at:%H:%M}"


class APITokenQuerySet(models.QuerySet["APIToken"]):
    """Questions about API tokens."""

    def usable(self) -> APITokenQuerySet:
        """Return the tokens that still open the API: not revoked, not expired, of an active person."""
        now = timezone.now()
        return self.filter(revoked_at=None, user__is_active=True).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        )


class APIToken(models.Model):
    """A scoped key to the API, acting as its person. Shown once; only its hash is kept."""

    class Scope(models.TextChoices):
        """What a token may do; it never exceeds its person."""

        READ = "read", "Read"
        COLLECT = "collect", "Start collections"
        POLICIES = "policies", "Change policies and exemptions"

    PREFIX = "spt_"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = APITokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def make_token(cls) -> str:
        """Return a fresh random token."""
        return cls.PREFIX + secrets.token_urlsafe(32)

    def matches(self, token: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.digest, digest(token))


def known_scopes(scopes: Iterable[Any]) -> list[str]:
    """Return the scopes that exist, sorted; unknown ones are refused.

    Raises:
        ValueError: a scope is unknown or there is none.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in APIToken.Scope.values]
    if unknown or not wanted:
        raise ValueError(f"Choose one or more of: {', '.join(APIToken.Scope.values)}.")
    return wanted
