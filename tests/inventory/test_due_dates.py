"""Limits and due dates of very many secrets at once are those of each secret alone."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.limit_rows import LimitRow
from inventory.models import Secret
from inventory.services import rotation
from inventory.services.policies import change_policy
from inventory.services.rotation import limit_of, own_rules, work_out_due
from tests.factories import AssetFactory, EngineerFactory, TeamFactory

pytestmark = pytest.mark.django_db
KINDS = ["generic-secret", "cloud-key", "certificate", "human-password", "private-key", "", "odd"]
NOW = timezone.now().replace(microsecond=250_000)


def one_by_one(secret, rules):
    """Return limit, reason and due date of one secret, as the words of the policy say it."""
    limit = limit_of(secret, rules)
    ends = [secret.expires_at] if secret.expires_at else []
    if limit.days is not None and secret.age_from is not None:
        ends.append(secret.age_from + timedelta(days=limit.days))
    due = None if secret.enabled is False else min(ends, default=None)
    return limit.days, limit.source, due


def some_secrets(number):
    chance = random.Random(11)
    asset = AssetFactory(kind="vault")

    def at(*, ahead=False):
        shift = timedelta(days=chance.randrange(1, 400), microseconds=chance.choice([0, 0, 17, 999_999]))
        return chance.choice([None, NOW + shift if ahead else NOW - shift])

    rows = [
        Secret(
            asset=asset,
            path=f"kv/{place}",
            kind=chance.choice(
                ["generic-secret", "cloud-key", "certificate", "human-password", "private-key", "", "odd"]
            ),
            tier=chance.choice(["", "critical", "high", "medium", "low"]),
            environment=chance.choice(["", "production", "staging", "elsewhere"]),
            ephemeral=chance.choice([None, True, False, False]),
            enabled=chance.choice([None, True, False]),
            created_at=at(),
            rotated_at=at(),
            expires_at=at(ahead=True),
        )
        for place in range(number)
    ]
    return Secret.objects.bulk_create(rows)


@pytest.mark.parametrize("own", [(), (LimitRow(30, tier="critical"), LimitRow(None, kind="cloud-key"), LimitRow(400))])
def test_every_secret_gets_the_limit_and_the_day_that_it_would_get_alone(own):
    some_secrets(400)
    change_policy(
        rows=own,
        unused_human_days=45,
        unused_machine_days=90,
        most_readers={},
        note="As agreed",
        by=EngineerFactory(),
        based_on=0,
    )

    assert work_out_due() == 400

    rules = own_rules()
    for row in Secret.objects.all():
        assert (row.limit_days, row.limit_reason, row.due_at) == one_by_one(row, rules), row.path
    assert not Secret.objects.filter(policy_due=True).exists()
    # Compared in the database too, where text of another form would sort elsewhere.
    later = Secret.objects.filter(due_at__gt=NOW).count()
    assert later == sum(row.due_at is not None and row.due_at > NOW for row in Secret.objects.all())


def test_working_out_again_changes_nothing():
    some_secrets(100)
    work_out_due()
    before = list(Secret.objects.values("pk", "limit_days", "limit_reason", "due_at"))

    Secret.objects.update(policy_due=True)
    work_out_due()

    assert list(Secret.objects.values("pk", "limit_days", "limit_reason", "due_at")) == before


def test_what_was_not_reached_before_a_kill_is_still_due(monkeypatch):
    some_secrets(30)
    monkeypatch.setattr(rotation, "BATCH", 10)
    write = rotation._write

    def killed(pks, limit):
        write(pks, limit)
        if max(pks) > ids[15]:
            raise KeyboardInterrupt

    ids = sorted(Secret.objects.values_list("pk", flat=True))
    monkeypatch.setattr(rotation, "_write", killed)
    with pytest.raises(KeyboardInterrupt):
        work_out_due()
    assert Secret.objects.filter(policy_due=True).count() == 20

    monkeypatch.setattr(rotation, "_write", write)
    assert work_out_due() == 20

    rules = own_rules()
    assert all(row.due_at == one_by_one(row, rules)[2] for row in Secret.objects.all())


def test_the_number_of_statements_follows_from_the_limits_and_not_from_the_secrets():
    def statements(number):
        Secret.objects.all().delete()
        some_secrets(number)
        with CaptureQueriesContext(connection) as spent:
            work_out_due()
        return len(spent)

    assert statements(450) <= statements(150) + 2


def test_a_store_whose_clock_says_the_end_of_time_stops_nobody_elses_dates():
    far = datetime(9999, 12, 31, 23, tzinfo=UTC)
    asset = AssetFactory(kind="vault")
    odd = Secret.objects.create(asset=asset, path="odd", kind="generic-secret", created_at=far)
    ends = Secret.objects.create(asset=asset, path="ends", kind="generic-secret", created_at=far, expires_at=NOW)
    made = Secret.objects.create(asset=asset, path="made", kind="generic-secret", created_at=NOW, rotated_at=None)

    work_out_due()

    due = dict(Secret.objects.values_list("pk", "due_at"))
    assert due == {odd.pk: None, ends.pk: NOW, made.pk: NOW + timedelta(days=90)}


def test_the_score_of_every_team_concerned_is_due():
    touched, other = TeamFactory(), TeamFactory()
    Secret.objects.create(asset=AssetFactory(team=touched), path="x", team=touched)
    for team in (touched, other):
        type(team).objects.filter(pk=team.pk).update(score_due=False)

    work_out_due()

    touched.refresh_from_db()
    other.refresh_from_db()
    assert (touched.score_due, other.score_due) == (True, False)
