"""A developer who commits guesses learns nothing from any answer: not whether another team holds one of them (W27)."""

import base64
import itertools
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlencode

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from inventory import listings
from inventory.models import Credential, Exposure, OwnershipRule
from posture.accounts.opaque import opaque_id
from posture.pipeline import advance
from posture.scoring.models import Snapshot
from tests.factories import AssetFactory, CredentialFactory, ExposureFactory, MembershipFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
YESTERDAY = NOW - timedelta(days=1)
GUESSES = 12
HIT = 6
"""Which of the guesses is right."""


class Rolled(Exception):
    """Ends one world, so that the next begins with nothing."""


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The same moment in both worlds."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def asset(name, team, **words):
    """A repository that was read this moment, and the rule that says what it is."""
    OwnershipRule.objects.create(match=f"repository:{name}", team=team, **words)
    dates = dict.fromkeys(("first_seen_at", "last_seen_at", "last_read_at", "last_complete_at"), NOW)
    return AssetFactory(name=name, external_id=name, team=team, last_status="complete", **dates)


def stand(asset, credential, path, rule, at, **more):
    """A place of a value, found as the rule says."""
    return ExposureFactory(
        asset=asset,
        credential=credential,
        path=path,
        rule=rule,
        first_at=at,
        first_seen_at=at,
        last_seen_at=NOW,
        first_commit="c" * 40,
        in_test_path=path.startswith("tests/"),
        severity="medium",
        **more,
    )


def weak(rule, provider, kind, at):
    """A value that can be guessed, as whoever found it first describes it."""
    return CredentialFactory(
        weak=True,
        rule=rule,
        provider=provider,
        kind=kind,
        confidence="medium",
        first_seen_at=at,
        last_seen_at=NOW,
    )


def world(*, right):
    """Two teams. Alder commits its guesses; what Birch has had in production all along is one of them, or is not."""
    one, other = (
        MembershipFactory(
            team__slug=slug,
            team__name=slug,
            team__created_at=NOW,
            user__name=slug,
            user__email=f"{slug}@halden.example",
        )
        for slug in ("alder", "birch")
    )
    # Who is in one team only is sent on from the overview.
    MembershipFactory(user=one.user, team__slug="empty", team__name="empty", team__created_at=NOW)
    mine = asset("alder/app", one.team, environment="dev", visibility="organisation")
    theirs = asset("birch/pay", other.team, environment="production", visibility="public")
    held = weak("jdbc-password", "connection-strings", "database-password", LONG_AGO)
    stand(theirs, held, "prod/settings.py", "jdbc-password", LONG_AGO, weak=True)
    for number in range(GUESSES):
        is_it = right and number == HIT
        guess = held if is_it else weak("generic-password", "generic", "password", YESTERDAY)
        stand(mine, guess, f"tests/guess_{number:02}.py", "generic-password", YESTERDAY, weak=True)
    return one.user, one.team, mine


FILTERS = [
    *(("severity", level) for level in ("critical", "high", "medium", "low", "info")),
    ("kind", "password"),
    ("kind", "database-password"),
    ("provider", "generic"),
    ("provider", "connection-strings"),
    ("managed", "yes"),
    ("managed", "no"),
    ("older", "100"),
    ("newer", "100"),
    ("gone", "all"),
    ("validity", "unknown"),
    ("q", "guess_06"),
    ("place", "tip"),
    ("team", "alder"),
]


def addresses(user, team, mine):
    """Everything that tells something of credentials, filtered and ordered in each way."""
    yield from ("/", f"/teams/{team.slug}/", "/teams/", f"/assets/{mine.pk}/", "/assets/", "/api/v1/teams/")
    for page, select in (("credentials", listings.credentials), ("exposures", listings.exposures)):
        for name in select(user, QueryDict()).orders:
            yield f"/{page}/?order={name}"
            yield f"/api/v1/{page}/?order={name}&page_size=5"
        for pair in FILTERS:
            yield f"/{page}/?{urlencode([pair])}"
            yield f"/api/v1/{page}/?{urlencode([pair])}"
    for pair in (*FILTERS, ("order", "severity")):
        yield f"/exposures/export.csv?{urlencode([pair])}"
        yield f"/credentials/export.csv?{urlencode([pair])}"
    for pair in FILTERS:
        yield f"/api/v1/exposures/figures/?{urlencode([pair])}"
    for row in Credential.objects.filter(exposures__team=team).order_by("exposures__pk"):
        opaque = opaque_id(user, "credential", row.pk)
        yield f"/credentials/{opaque}/"
        yield f"/api/v1/credentials/{opaque}/"
        yield f"/exposures/?credential={opaque}"
    for row in Exposure.objects.filter(team=team).order_by("pk")[:8]:
        yield f"/api/v1/exposures/{opaque_id(user, 'exposure', row.pk)}/"
    for number in Snapshot.objects.filter(team=team).values_list("pk", flat=True):
        yield f"/api/v1/teams/{team.slug}/scores/{number}/"
    yield f"/api/v1/teams/{team.slug}/scores/"


def plain(text):
    """Return an answer with each id, sequence number and mark of a form by the place where it first appears."""
    text = re.sub(r"(after|before)(\.|=)([\w-]{8,})", lambda found: found[1] + unpacked(found[3]), unquote(text))
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"as of\s*<time.*?</time>", "", text, flags=re.DOTALL)
    numbers = itertools.count()
    names = {}
    pattern = r'\b[a-z2-7]{26}\b|<li>[a-z2-7]{8}</li>|/assets/\d+/|asset=\d+|scores/\d+/|"id":\d+'
    return re.sub(pattern, lambda found: names.setdefault(found[0], f"<{next(numbers)}>"), text)


def unpacked(cursor):
    """Return what a place in a list says, so that its ids are compared as others are."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def answers(user, team, mine):
    """Return what the developer receives, by a name of the address that both worlds share."""
    client = Client()
    client.force_login(user)
    found = []
    for address in addresses(user, team, mine):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, address
        found.append((plain(address), plain(body.decode())))
    return found


def both(judged):
    """Return the answers of the world where the guess is wrong, and of the one where it is right."""
    told = []
    for right in (False, True):
        try:
            with transaction.atomic():
                user, team, mine = world(right=right)
                if judged:
                    advance()
                told.append(answers(user, team, mine))
                raise Rolled
        except Rolled:
            pass
    return told


@pytest.mark.parametrize("judged", [True, False], ids=["judged", "not-judged-yet"])
def test_w27_a_right_guess_is_answered_as_a_wrong_one_everywhere(judged):
    wrong, right = both(judged)

    assert len(wrong) == len(right) > 120
    assert sum("guess_06" in body for _, body in wrong) > 40
    for (address, without), (other, held) in zip(wrong, right, strict=True):
        assert address == other
        assert held == without, address
