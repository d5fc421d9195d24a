"""Teams with one or more of everything that the API shows, and the addresses of these things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from inventory.models import (
    Asset,
    Credential,
    Exemption,
    Exposure,
    OwnershipRule,
    PolicyVersion,
    Principal,
    Read,
    Secret,
    Spread,
)
from inventory.models.spread import shape_of
from posture.accounts.models import Membership, Team
from posture.accounts.opaque import opaque_id
from posture.notify.models import Delivery
from posture.scoring.models import Snapshot
from tests.api.cards import card
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    GrantFactory,
    HoldingFactory,
    MembershipFactory,
    PrincipalFactory,
    ReadFactory,
    SecretFactory,
    SnapshotFactory,
    SourceFactory,
)

OVERSEERS_ONLY = {
    "api-sources-list",
    "api-sources-detail",
    "api-sources-collect",
    "api-sources-test",
    "api-sources-upload",
    "api-runs-list",
    "api-runs-detail",
    "api-ownership-rules-list",
    "api-organisation-scores",
    "api-organisation-score",
}
WRITES_ONLY = {
    "api-sources-collect",
    "api-sources-test",
    "api-sources-upload",
    "api-policies-preview",
    "api-exemptions-approve",
    "api-exemptions-end",
}
"""Addresses that nothing is read from."""
BELOW = {"api-team-scores", "api-secret-readers", "api-principal-grants"}
"""Lists below one thing, which is found only by who may see it."""
EVERYBODYS = {"api-policies-list", "api-policies-detail", "api-policies-current"}
"""What is allowed is everybody's to know."""


@dataclass
class Belongings:
    """What one team has; every text of it holds the team's word."""

    team: Team
    asset: Asset
    credential: Credential
    exposure: Exposure
    secret: Secret
    principal: Principal
    exemption: Exemption
    read: Read
    membership: Membership
    snapshot: Snapshot
    rule: OwnershipRule

    @classmethod
    def of(cls, team: Team, word: str, number: int = 1) -> Belongings:
        """Make them, `number` of each; the last of each is kept."""
        for _ in range(number):
            made = cls._one(team, word)
        return made

    @classmethod
    def _one(cls, team: Team, word: str) -> Belongings:
        count = Asset.objects.count()
        source = SourceFactory(
            name=f"{word} source {count}", config={"path": f"/{word}"}, credential=f"env:POSTURE_CREDENTIAL_{word}"
        )
        asset = AssetFactory(
            source=source,
            team=team,
            name=f"{word}/repository-{count}",
            owner_kind="rule",
            owner_reason=f"{word} reason",
            environment=word,
            default_ref=f"refs/heads/{word}",
            codeowners=f"* @{word}",
            attributes={word: word},
            cursor={word: word},
            unread=[{"reason": f"{word} unread", "what": word, "count": 1}],
        )
        credential = CredentialFactory(severity="critical", severity_reason=f"{word} severity")
        exposure = ExposureFactory(
            asset=asset,
            credential=credential,
            path=f"{word}/settings.py",
            first_author=f"{word} author",
            latest_author=f"{word} author",
            removed_author=f"{word} author",
            owner_kind="codeowners",
            owner_reason=f"{word} line",
        )
        secret = SecretFactory(asset=AssetFactory(source=source, team=team, kind="vault", name=f"{word}/vault-{count}"))
        Secret.objects.filter(pk=secret.pk).update(
            path=f"kv/{word}-{count}",
            address=f"kv/{word}-{count}",
            kind=word,
            environment=word,
            owner_reason=f"{word} reason",
            evidence={"created_at": f"{word} metadata"},
            attributes={word: word},
            limit_reason=f"{word} policy",
            readers=1,
        )
        principal = PrincipalFactory(
            asset=secret.asset,
            name=f"{word}-approle",
            external_id=f"{word}/{count}",
            environment=word,
            evidence={"created_at": f"{word} metadata"},
            attributes={word: word},
            reads=1,
        )
        GrantFactory(principal=principal, pattern=f"kv/{word}-{count}", rule=f"{word} rule", condition="")
        exemption = Exemption.objects.create(
            of="rotation",
            secret=secret,
            reason=f"{word} asked",
            ends_on=timezone.localdate() + timedelta(days=9),
            asked_by=MembershipFactory(team=team, role="lead", user__name=f"{word} lead").user,
        )
        if not PolicyVersion.objects.exists():
            PolicyVersion.objects.create(
                number=1, rows=[{"days": 30, "tier": "critical"}], note="As agreed", made_by=EngineerFactory()
            )
        Delivery.objects.create(
            person=exemption.asked_by, channel="mail", kind="incident.opened", key=f"{word}:{count}", subject=word
        )
        held = HoldingFactory(
            version__secret=secret, version__number=f"{word}1", key=f"{word}_key", credential=credential
        )
        for owner in (team, None):
            shape = shape_of({word: 2})
            Spread.objects.create(credential=credential, team=owner, secrets=2, shape=shape, first=held.pk)
        read = ReadFactory(
            asset=asset,
            step=f"{word} step",
            error=f"{word} error",
            counts={"commits": 1},
            skipped=[{"reason": f"{word} skipped", "what": word, "count": 1}],
        )
        return cls(
            team=team,
            asset=asset,
            credential=credential,
            exposure=exposure,
            secret=Secret.objects.get(pk=secret.pk),
            principal=principal,
            exemption=exemption,
            read=read,
            membership=MembershipFactory(
                team=team, user__name=f"{word} person", user__email=f"{word}{count}@a.example"
            ),
            snapshot=SnapshotFactory(team=team, card=card(credential, team=team.slug)),
            rule=OwnershipRule.objects.create(match=f"repository:{word}-{count}", team=team, environment=word),
        )

    def arguments(self, name: str, viewer) -> dict[str, object]:
        """Return what the address of this name takes, to name these things."""
        made = {
            "api-people-detail": {"pk": self.membership.user_id},
            "api-sources-detail": {"pk": self.asset.source_id},
            "api-sources-collect": {"pk": self.asset.source_id},
            "api-sources-test": {"pk": self.asset.source_id},
            "api-sources-upload": {"pk": self.asset.source_id},
            "api-runs-detail": {"pk": self.read.run_id},
            "api-reads-detail": {"pk": self.read.pk},
            "api-assets-detail": {"pk": self.asset.pk},
            "api-credentials-detail": {"opaque": opaque_id(viewer, "credential", self.credential.pk)},
            "api-credential-blast-radius": {"opaque": opaque_id(viewer, "credential", self.credential.pk)},
            "api-exposures-detail": {"opaque": opaque_id(viewer, "exposure", self.exposure.pk)},
            "api-secrets-detail": {"pk": self.secret.pk},
            "api-secret-readers": {"pk": self.secret.pk},
            "api-principals-detail": {"pk": self.principal.pk},
            "api-principal-grants": {"pk": self.principal.pk},
            "api-policies-detail": {"number": 1},
            "api-exemptions-detail": {"pk": self.exemption.pk},
            "api-exemptions-approve": {"pk": self.exemption.pk},
            "api-exemptions-end": {"pk": self.exemption.pk},
            "api-teams-detail": {"slug": self.team.slug},
            "api-team-scores": {"slug": self.team.slug},
            "api-team-score": {"slug": self.team.slug, "pk": self.snapshot.pk},
            "api-organisation-score": {"pk": 1},
        }
        return made.get(name, {})

    def addresses(self, viewer, *, without: set[str] = frozenset()) -> dict[str, str]:
        """Return the address of every read by its name, as the viewer would know it."""
        left_out = {"api-nothing", *WRITES_ONLY, *without}
        return {name: reverse(name, kwargs=self.arguments(name, viewer)) for name in names() if name not in left_out}


def names() -> list[str]:
    """Return the names of all addresses of the API, from the URL map."""
    entries = [entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver)]
    found = [each for entry in entries if str(entry.pattern) == "api/v1/" for each in entry.url_patterns]
    return [each.name for each in found if isinstance(each, URLPattern)]


def lists() -> list[str]:
    """Return the names of the lists."""
    return [name for name in names() if name.endswith(("-list", "-scores", "-readers", "-grants"))]


def everything(client, address: str) -> list[dict]:
    """Follow a list's pages to the end and return its rows."""
    rows = []
    while address:
        answer = client.get(address).json()
        rows += answer["results"]
        address = answer["next"]
    return rows
