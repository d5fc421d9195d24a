"""Makes rows for tests; every value is random or numbered, none is a secret."""

import hashlib
import secrets
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from inventory import models as inventory
from inventory.access_rule import literal_prefix
from inventory.store_records import Matching
from posture.accounts import models as accounts
from posture.incidents import models as incidents
from posture.scoring.models import Snapshot


class UserFactory(DjangoModelFactory):
    class Meta:
        model = accounts.User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@halden.example")
    role = accounts.User.Role.MEMBER
    password = "!"


class LeaderFactory(UserFactory):
    role = accounts.User.Role.LEADER


class EngineerFactory(UserFactory):
    role = accounts.User.Role.ENGINEER


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Team

    slug = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Membership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    role = accounts.Membership.Role.DEVELOPER


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Source

    name = factory.Sequence(lambda n: f"repositories {n}")
    kind = "repositories"
    config = factory.LazyFunction(lambda: {"path": "/srv/git"})


class AssetFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Asset

    source = factory.SubFactory(SourceFactory)
    external_id = factory.Sequence(lambda n: f"halden/repository-{n}.git")
    kind = "repository"
    name = factory.Sequence(lambda n: f"halden/repository-{n}")
    locator = factory.LazyAttribute(lambda asset: f"/srv/git/{asset.external_id}")
    default_ref = "refs/heads/main"
    # Of a store nobody knows who can read until it was read once.
    last_read_at = factory.LazyAttribute(lambda asset: None if asset.kind == "repository" else timezone.now())


class RunFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Run

    source = factory.SubFactory(SourceFactory)
    due_at = factory.Sequence(lambda n: timezone.now() - timedelta(days=1) + timedelta(seconds=n))
    status = "complete"
    discovered = True


class ReadFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Read

    asset = factory.SubFactory(AssetFactory)
    run = factory.LazyAttribute(lambda read: RunFactory(source=read.asset.source))
    status = "complete"


class CredentialFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Credential

    fingerprint = factory.LazyFunction(lambda: secrets.token_hex(32))
    key_id = "0123456789ab"
    rule = "github-personal-access-token"
    provider = "github"
    kind = "platform-token"
    confidence = "high"


class ExposureFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Exposure

    asset = factory.SubFactory(AssetFactory)
    credential = factory.SubFactory(CredentialFactory)
    path = factory.Sequence(lambda n: f"config/settings_{n}.py")
    path_digest = factory.LazyAttribute(lambda exposure: hashlib.sha256(exposure.path.encode()).hexdigest())
    rule = factory.LazyAttribute(lambda exposure: exposure.credential.rule)
    place = "tip"
    weak = factory.SelfAttribute("credential.weak")
    severity = factory.SelfAttribute("credential.severity")
    first_commit = factory.LazyFunction(lambda: secrets.token_hex(20))
    first_author = "Tomas Ek"
    first_email = "tomas.ek@halden.example"
    first_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    first_blob = factory.LazyFunction(lambda: secrets.token_hex(20))
    first_line = 12
    latest_commit = factory.SelfAttribute("first_commit")
    latest_author = factory.SelfAttribute("first_author")
    latest_email = factory.SelfAttribute("first_email")
    latest_at = factory.SelfAttribute("first_at")
    latest_blob = factory.SelfAttribute("first_blob")
    latest_line = factory.SelfAttribute("first_line")
    team = factory.SelfAttribute("asset.team")


class SecretFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Secret

    asset = factory.SubFactory(AssetFactory, kind="vault")
    path = factory.Sequence(lambda n: f"kv/service-{n}")
    address = factory.SelfAttribute("path")
    team = factory.SelfAttribute("asset.team")


class VersionFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Version

    secret = factory.SubFactory(SecretFactory)
    number = factory.Sequence(str)
    state = "current"


class HoldingFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Holding

    version = factory.SubFactory(VersionFactory)
    key = "password"
    credential = factory.SubFactory(CredentialFactory)


class PrincipalFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Principal

    asset = factory.SubFactory(AssetFactory, kind="vault")
    external_id = factory.Sequence(lambda n: f"approle/service-{n}")
    kind = "workload"
    name = factory.SelfAttribute("external_id")
    team = factory.SelfAttribute("asset.team")


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = inventory.Grant

    principal = factory.SubFactory(PrincipalFactory)
    asset = factory.SelfAttribute("principal.asset")
    source = factory.SelfAttribute("asset.source")
    pattern = "kv/*"
    matching = "vault"
    prefix = factory.LazyAttribute(lambda grant: literal_prefix(grant.pattern, Matching(grant.matching)))
    capabilities = factory.LazyFunction(lambda: ["read"])
    rule = factory.LazyAttribute(lambda grant: f'policy: path "{grant.pattern}"')
    rule_digest = factory.LazyFunction(lambda: secrets.token_hex(32))


class IncidentFactory(DjangoModelFactory):
    class Meta:
        model = incidents.Incident

    trigger = "exposed-value"
    key = factory.Sequence(lambda n: f"exposed-value:{n}")


class PartFactory(DjangoModelFactory):
    class Meta:
        model = incidents.Part

    incident = factory.SubFactory(IncidentFactory)
    owner_key = factory.LazyAttribute(lambda part: part.team.pk if part.team else 0)
    verify_by = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    due_at = factory.SelfAttribute("verify_by")


class SnapshotFactory(DjangoModelFactory):
    class Meta:
        model = Snapshot

    team = factory.SubFactory(TeamFactory)
    day = factory.LazyFunction(lambda: timezone.now().date())
    policy_version = 1
    score = 71.5
    grade = "C"
    confidence = 0.9
    size = 10
    card = factory.LazyFunction(dict)
    input_digest = factory.LazyFunction(lambda: secrets.token_hex(32))
