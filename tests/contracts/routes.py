"""The table of every address: who is answered what. One row for each named route; see `matrix.py` for the words."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from inventory.models import Exemption, PolicyVersion, Read
from posture.accounts.models import APIToken
from posture.accounts.notification_form import chosen
from posture.accounts.opaque import opaque_id
from posture.accounts.services import create_api_token, make_sign_in_link
from posture.notify.models import Delivery
from tests.api.cards import card, whole_card
from tests.contracts.matrix import (
    SIGN_IN,
    Answers,
    Route,
    Scene,
    anybody,
    by_team,
    engineers,
    leads,
    over_api,
    overseers,
    signed_in,
)
from tests.factories import (
    AssetFactory,
    ExposureFactory,
    MembershipFactory,
    PartFactory,
    PrincipalFactory,
    ReadFactory,
    SecretFactory,
    SnapshotFactory,
    TeamFactory,
    UserFactory,
)


def asset(scene: Scene):
    return {"pk": AssetFactory(team=scene.team).pk}


def credential(scene: Scene):
    # Under the id of somebody who sees everything, which opens for whoever has the right.
    exposure = ExposureFactory(asset__team=scene.team)
    return {"opaque": opaque_id(scene.overseer, "credential", exposure.credential_id)}


def source(scene: Scene):
    return {"pk": AssetFactory(team=scene.team).source_id}


def run(scene: Scene):
    return {"pk": ReadFactory(asset__team=scene.team).run_id}


def dead_read(scene: Scene):
    return {"pk": ReadFactory(asset__team=scene.team, status=Read.Status.DEAD).pk}


def team(scene: Scene):
    return {"slug": scene.team.slug} if scene.team else None


def person(scene: Scene):
    """Somebody of the team, or of none."""
    return {"pk": (MembershipFactory(team=scene.team).user if scene.team else UserFactory()).pk}


def disabled_person(scene: Scene):
    user = {"user__is_active": False}
    return {"pk": (MembershipFactory(team=scene.team, **user).user if scene.team else UserFactory(is_active=False)).pk}


def member(scene: Scene):
    return {"slug": scene.team.slug, "pk": MembershipFactory(team=scene.team).pk} if scene.team else None


def token(scene: Scene):
    """Own: the viewer's; else somebody else's, whom nobody may act for."""
    owner = scene.person if scene.owner == "own" and scene.person.is_authenticated else UserFactory()
    create_api_token(user=owner, name="row", scopes=["read"], days=1)
    return {"pk": APIToken.objects.get(name="row").pk}


def link(scene: Scene):
    return {"token": make_sign_in_link(user=UserFactory()).rstrip("/").rsplit("/", 1)[-1]}


def failed_message(scene: Scene):
    """Somebody's, whoever looks."""
    row = {"channel": "mail", "kind": "test.opened", "key": "1", "subject": "x", "state": "failed"}
    return {"pk": Delivery.objects.create(person=UserFactory(), **row).pk}


def notification_fields(scene: Scene):
    return {name: "" if value is None else value for name, value in chosen(UserFactory().pk).items()}


def notification_body(scene: Scene):
    hours = {"quiet_from": None, "quiet_until": None, "urgent_at_once": True}
    return {"timings": {}, "time_zone": "UTC", "digest_hour": 8, **hours}


def team_fields(scene: Scene):
    return {"name": "Renamed", "parent": "", "handles": "@halden/renamed"}


def some_team(scene: Scene):
    return {"asset": [AssetFactory(team=None).pk], "exposure": [], "team": TeamFactory().slug}


def exposure(scene: Scene):
    return {"opaque": opaque_id(scene.overseer, "exposure", ExposureFactory(asset__team=scene.team).pk)}


def secret(scene: Scene):
    return {"pk": SecretFactory(asset__team=scene.team).pk}


def part(scene: Scene):
    return {"pk": PartFactory(team=scene.team).pk}


def principal(scene: Scene):
    return {"pk": PrincipalFactory(asset__team=scene.team).pk}


def waiting_exemption(scene: Scene):
    """Asked for by somebody else; who may see it is told whether they may decide."""
    ends = timezone.localdate() + timedelta(days=9)
    row = SecretFactory(asset__team=scene.team)
    return {"pk": Exemption.objects.create(of="rotation", secret=row, ends_on=ends, asked_by=UserFactory()).pk}


def exemption(scene: Scene):
    return {"of": "rotation", "ends_on": timezone.localdate() + timedelta(days=9), "reason": "The vendor is slow"}


def exemption_of_rights(scene: Scene):
    return exemption(scene) | {"of": "rights"}


def read(scene: Scene):
    return {"pk": ReadFactory(asset__team=scene.team).pk}


def policy(scene: Scene):
    made = PolicyVersion.objects.create(number=1, note="As agreed", made_by=UserFactory())
    return {"number": made.number}


def policy_body(scene: Scene):
    return limits_body(scene) | {
        "unused_human_days": 45,
        "unused_machine_days": 90,
        "note": "As agreed",
        "based_on": 0,
    }


def limits_body(scene: Scene):
    return {"limits": [{"days": 30, "tier": "critical"}]}


def exemption_body(scene: Scene):
    """For a secret of the viewer's first team; whose else it might be is tried in tests/api."""
    row = SecretFactory(asset__team=scene.world.own)
    return {"of": "rotation", "secret": row.pk, "ends_on": str(timezone.localdate() + timedelta(days=9)), "reason": "x"}


def score(scene: Scene):
    if scene.team is None:
        return None
    return {"slug": scene.team.slug, "pk": SnapshotFactory(team=scene.team, card=card(team=scene.team.slug)).pk}


def whole_score(scene: Scene):
    return {"pk": SnapshotFactory(team=None, card=whole_card()).pk}


def api(answers: Answers, **row) -> Route:
    """One read of the API."""
    return Route(get=over_api(answers), content_type="application/json", **row)


MINE_ONLY = (302, 404, 404)

ROUTES: dict[str, Route] = {
    # Open to whoever comes.
    "healthz": Route(get=anybody()),
    # Sign-in. Who is in is led onward; a wrong password is 400.
    "accounts:sign-in": Route(get=signed_in(302).but(anonymous=200, token=200, engineer_token=200), post=anybody(400)),
    "accounts:sign-in-link": Route(at=link, get=anybody(), post=anybody(302)),
    "accounts:sign-out": Route(post=anybody(SIGN_IN)),
    # One's own settings.
    "accounts:settings": Route(get=signed_in(), post=signed_in(302), data=lambda scene: {"name": "New name"}),
    "accounts:password": Route(post=signed_in(302), data=lambda scene: {"current": "", "new": "three quiet rivers 7"}),
    "accounts:sign-out-everywhere": Route(post=signed_in(SIGN_IN)),
    "accounts:tokens": Route(
        get=signed_in(), post=signed_in(), data=lambda scene: {"name": "new", "scopes": ["read"], "days": "30"}
    ),
    "accounts:token-revoke": Route(
        at=token,
        post=signed_in().but(developer=MINE_ONLY, lead=MINE_ONLY, engineer=MINE_ONLY, leader=MINE_ONLY),
    ),
    # People: engineers set up, leaders look, leads see those of their teams in the list.
    "accounts:people": Route(get=signed_in().but(developer=404)),
    "accounts:invite": Route(
        get=engineers(),
        post=engineers(),
        data=lambda scene: {"email": "new@halden.example", "name": "New", "role": "member", "team_role": "developer"},
    ),
    "accounts:person": Route(at=person, get=overseers(), post=engineers(302), data=lambda scene: {"role": "leader"}),
    "accounts:person-link": Route(at=person, post=engineers()),
    "accounts:person-disable": Route(at=person, post=engineers(302)),
    "accounts:person-enable": Route(at=disabled_person, post=engineers(302)),
    # Notifications are one's own; failed messages are sent again by engineers.
    "accounts:notifications": Route(get=signed_in(), post=signed_in(302), data=notification_fields),
    "accounts:messages": Route(get=signed_in()),
    "accounts:messages-again": Route(post=engineers(302)),
    "accounts:message-again": Route(at=failed_message, post=engineers(302)),
    # Teams: engineers set up; who acts for a team sees to its developers.
    "accounts:teams": Route(
        get=signed_in().but(developer=404),
        post=signed_in(302).but(developer=404, lead=403, leader=403),
        data=lambda scene: {"name": "New team", "slug": "new-team", "handles": ""},
    ),
    "accounts:team": Route(
        at=team, get=leads(), post=leads(302).but(lead=(403, 404, 404), leader=403), data=team_fields
    ),
    "accounts:team-members": Route(
        at=team,
        post=leads(302),
        data=lambda scene: {"email": UserFactory().email, "role": "developer"},
    ),
    "accounts:team-member": Route(
        at=member,
        post=leads(302).but(lead=(403, 404, 404), leader=403),
        data=lambda scene: {"role": "lead"},
    ),
    "accounts:team-member-remove": Route(at=member, post=leads(302)),
    # Dashboards. Who has one team is led from the overview to it.
    "dashboards:overview": Route(get=signed_in().but(developer=302, lead=302)),
    "dashboards:teams": Route(get=signed_in()),
    # A team that has no stored score yet is scored on the spot: eight queries more, however much it owns.
    "dashboards:team": Route(at=team, get=by_team(), queries=20),
    "dashboards:rotation": Route(get=signed_in(), queries=17),
    # Inventory: lists show what is one's own; a thing that is not does not exist.
    "inventory:exposures": Route(get=signed_in()),
    "inventory:exposures-export": Route(get=signed_in()),
    "inventory:credentials": Route(get=signed_in()),
    "inventory:credentials-export": Route(get=signed_in()),
    "inventory:credential": Route(at=credential, get=by_team().but(developer=(302, 404, 404), lead=(302, 404, 404))),
    "inventory:secrets": Route(get=signed_in()),
    "inventory:secrets-export": Route(get=signed_in()),
    "inventory:secret": Route(at=secret, get=by_team()),
    "inventory:principals": Route(get=signed_in()),
    "inventory:principals-export": Route(get=signed_in()),
    "inventory:principal": Route(at=principal, get=by_team()),
    "inventory:reuse": Route(get=signed_in()),
    "inventory:secret-exempt": Route(at=secret, get=leads(), post=leads(302), data=exemption),
    "inventory:principal-exempt": Route(at=principal, get=leads(), post=leads(302), data=exemption_of_rights),
    "inventory:policies": Route(get=signed_in()),
    "inventory:policy-edit": Route(get=engineers(), post=engineers(400), data=lambda scene: {"note": ""}),
    "inventory:exemptions": Route(get=signed_in()),
    "inventory:exemption-approve": Route(at=waiting_exemption, post=by_team(302)),
    "inventory:exemption-end": Route(at=waiting_exemption, post=by_team(302)),
    "inventory:assets": Route(get=signed_in()),
    "inventory:asset": Route(at=asset, get=by_team()),
    "inventory:help": Route(get=signed_in()),
    # Sources, runs and the queue of what nobody owns: for those who see everything.
    "inventory:sources": Route(get=overseers()),
    "inventory:source-add": Route(get=engineers(), post=engineers(400), data=lambda scene: {"name": ""}),
    "inventory:source": Route(at=source, get=overseers()),
    "inventory:source-edit": Route(at=source, get=engineers(), post=engineers(400), data=lambda scene: {"name": ""}),
    "inventory:source-test": Route(at=source, post=engineers(400)),  # Its folder does not exist here.
    "inventory:source-upload": Route(at=source, post=engineers(404)),  # Its repositories are not uploaded.
    "inventory:source-remove": Route(at=source, get=engineers(), post=engineers(302)),
    "inventory:source-collect": Route(at=source, post=overseers(302)),
    "inventory:run": Route(at=run, get=overseers()),
    "inventory:run-progress": Route(at=run, get=overseers(286)),  # 286 tells htmx to stop asking.
    "inventory:read-retry": Route(at=dead_read, post=overseers(302)),
    "inventory:unowned": Route(get=overseers(), post=overseers(302), data=some_team),
    # Incidents: one team's part is there for that team alone.
    "incidents:inbox": Route(get=signed_in(), post=signed_in(400), data=lambda scene: {"verb": "triage"}),
    "incidents:part": Route(at=part, get=by_team(), queries=20),
    "incidents:act": Route(
        at=part, post=leads(302).but(developer=(403, 404, 404)), data=lambda scene: {"verb": "triage", "expected": 0}
    ),
    "incidents:undo": Route(at=part, post=by_team(409)),
    "incidents:comment": Route(at=part, post=by_team(302), data=lambda scene: {"text": "Whose is this?"}),
    "incidents:watch": Route(at=part, post=by_team(302), data=lambda scene: {"on": "yes"}),
    # The API: the same rule, and 401 without a key.
    "api-me": api(signed_in()),
    "api-me-notifications": Route(
        get=over_api(signed_in()),
        put=over_api(signed_in(), write=True),
        data=notification_body,
        content_type="application/json",
    ),
    "api-messages-list": api(signed_in()),
    "api-people-list": api(signed_in()),
    "api-people-detail": api(by_team(), at=person),
    "api-memberships-list": api(signed_in()),
    "api-sources-list": api(overseers()),
    "api-sources-detail": api(overseers(), at=source),
    "api-sources-collect": Route(at=source, post=over_api(overseers(202), write=True), content_type="application/json"),
    "api-sources-test": Route(at=source, post=over_api(engineers(), write=True), content_type="application/json"),
    "api-sources-upload": Route(at=source, post=over_api(engineers(404), write=True), content_type="application/json"),
    "api-runs-list": api(overseers()),
    "api-runs-detail": api(overseers(), at=run),
    "api-reads-list": api(signed_in()),
    "api-reads-detail": api(by_team(), at=read),
    "api-assets-list": api(signed_in()),
    "api-assets-figures": api(signed_in()),
    "api-assets-detail": api(by_team(), at=asset),
    "api-credentials-list": api(signed_in()),
    "api-credentials-detail": api(by_team(), at=credential),
    "api-credential-blast-radius": api(by_team(), at=credential),
    "api-exposures-list": api(signed_in()),
    "api-exposures-figures": api(signed_in()),
    "api-exposures-detail": api(by_team(), at=exposure),
    "api-secrets-list": api(signed_in()),
    "api-secrets-detail": api(by_team(), at=secret),
    "api-secrets-figures": api(signed_in()),
    "api-secret-readers": api(by_team(), at=secret),
    "api-principals-list": api(signed_in()),
    "api-principals-figures": api(signed_in()),
    "api-reuse-list": api(signed_in()),
    "api-reuse-figures": api(signed_in()),
    "api-principals-detail": api(by_team(), at=principal),
    "api-principal-grants": api(by_team(), at=principal),
    # What is allowed is everybody's to know, and engineers' to change.
    "api-policies-list": Route(
        get=over_api(signed_in()),
        post=over_api(engineers(201).but(developer=403, lead=403), write=True),
        data=policy_body,
        content_type="application/json",
    ),
    "api-policies-current": api(signed_in()),
    "api-policies-detail": api(signed_in(), at=policy),
    "api-policies-preview": Route(
        post=over_api(engineers().but(developer=403, lead=403), write=True),
        data=limits_body,
        content_type="application/json",
    ),
    "api-exemptions-list": Route(
        get=over_api(signed_in()),
        post=over_api(signed_in(201).but(developer=403), write=True),
        data=exemption_body,
        content_type="application/json",
    ),
    "api-exemptions-detail": api(by_team(), at=waiting_exemption),
    # Who sees it and may not decide is told so; what one does not see does not exist.
    "api-exemptions-approve": Route(
        at=waiting_exemption,
        post=over_api(by_team().but(developer=(403, 404, 404), lead=(403, 404, 404)), write=True),
        content_type="application/json",
    ),
    "api-exemptions-end": Route(
        at=waiting_exemption,
        post=over_api(by_team().but(developer=(403, 404, 404), lead=(403, 404, 404)), write=True),
        content_type="application/json",
    ),
    "api-ownership-rules-list": api(overseers()),
    "api-teams-list": api(signed_in()),
    "api-teams-detail": api(by_team(), at=team),
    "api-team-scores": api(by_team(), at=team),
    "api-team-score": api(by_team(), at=score),
    "api-overview": api(signed_in()),
    "api-organisation-scores": api(overseers()),
    "api-organisation-score": api(overseers(), at=whole_score),
    "api-schema": api(signed_in()),
    "api-nothing": api(signed_in(404)),
}
