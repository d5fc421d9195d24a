"""What the overview counts, over the API: the same figures as the page, as far as the caller may see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.models.secrets import Severity
from posture.api.endpoint import Listing
from posture.dashboards import queries
from posture.dashboards.charts.introduced import WEEKS, first_monday
from posture.dashboards.charts.kinds_by_age import BANDS, introduced_in
from posture.dashboards.figures import figures
from posture.dashboards.stored import stored_counts
from posture.scoring.models import Snapshot


class CoverageShape(serializers.Serializer[Any]):
    """How well the assets of one kind were read."""

    kind = serializers.CharField(help_text="What they are, such as `repository`.")
    assets = serializers.IntegerField()
    fresh = serializers.IntegerField(help_text="Read to their end in time; the others are not known.")


class SeverityShape(serializers.Serializer[Any]):
    """How many exposed credentials have one severity."""

    severity = serializers.ChoiceField(Severity.choices)
    credentials = serializers.IntegerField()


class AgeShape(serializers.Serializer[Any]):
    """How many are of one age."""

    age = serializers.CharField(help_text="In words.")
    introduced = serializers.CharField(help_text="The same for the filter of `/credentials/`.")
    credentials = serializers.IntegerField()


class KindShape(serializers.Serializer[Any]):
    """The unmanaged credentials of one kind, by age."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    credentials = serializers.IntegerField()
    ages = AgeShape(many=True)


class WeekShape(serializers.Serializer[Any]):
    """How many exposed credentials of today a week brought."""

    week = serializers.DateField(help_text="Its Monday.")
    credentials = serializers.IntegerField()


class IntroducedShape(serializers.Serializer[Any]):
    """The exposed credentials of today by the week of the commit that brought them."""

    weeks = WeekShape(many=True, help_text="The oldest first.")
    before = serializers.IntegerField(help_text="From before those weeks.")
    unknown = serializers.IntegerField(help_text="Of no age yet.")


class UnknownsShape(serializers.Serializer[Any]):
    """What is not known, and is never counted as clean."""

    assets = serializers.IntegerField(help_text="All assets, known well or not.")
    failed = serializers.IntegerField(help_text="The last read failed.")
    never_read = serializers.IntegerField()
    partial = serializers.IntegerField(  # type: ignore[assignment]
        help_text="Something in them was skipped."
    )
    not_fresh = serializers.IntegerField(help_text="Not read again in time.")
    visibility_unknown = serializers.IntegerField(help_text="Repositories of which it is not known who can read them.")
    validity_unknown = serializers.IntegerField(
        help_text="Exposed credentials of which it is not known whether the issuer still accepts them."
    )
    assets_unowned = serializers.IntegerField()
    exposures_unowned = serializers.IntegerField()
    secrets_age_unknown = serializers.IntegerField(help_text="Stored secrets of unknown age or end.")
    secrets_unread = serializers.IntegerField(help_text="Stored secrets whose current value nobody read.")
    identities_use_unknown = serializers.IntegerField(help_text="Identities of which nobody tells their last use.")


class StoredShape(serializers.Serializer[Any]):
    """What stands in stores, and what of it has to be changed."""

    secrets = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="The store tried to change the value and could not.")
    late = serializers.IntegerField(help_text="Past the limit of their policy.")
    soon = serializers.IntegerField(help_text="Due within 30 days.")
    reused = serializers.IntegerField(help_text="Values that stand in several secrets.")


class CollectingShape(serializers.Serializer[Any]):
    """How far the collections under way are."""

    done = serializers.IntegerField(help_text="Reads that have ended.")
    total = serializers.IntegerField()


class OverviewShape(serializers.Serializer[Any]):
    """What the overview counts, of all that the caller sees; the scores are `/organisation/` and `/teams/`."""

    as_of = serializers.DateTimeField()
    exposed = serializers.IntegerField(help_text="Credentials that stand outside a store.")
    unmanaged = serializers.IntegerField(help_text="Those of them that no store holds, as far as you may know.")
    unjudged = serializers.IntegerField(help_text="Found this moment: severity and age are being worked out.")
    severities = SeverityShape(many=True, help_text="Of those that were judged, the worst first.")
    coverage = CoverageShape(many=True)
    unmanaged_by_kind = KindShape(many=True)
    introduced = IntroducedShape()
    stored = StoredShape()
    unknowns = UnknownsShape()
    collecting = CollectingShape(allow_null=True, help_text="Null: nothing is being collected.")


class OverviewFigures(Listing):
    """What the overview counts of all that you see: coverage, unmanaged by kind and age, by week, what is not known."""

    queryset = Snapshot.objects.none()
    serializer_class = OverviewShape
    pagination_class = None  # type: ignore[assignment]

    def retrieve(self, request: Request) -> Response:
        """Answer with the figures of now."""
        now = timezone.now()
        today, user = now.date(), self.viewer
        found, held, assets = figures(user, now), stored_counts(user), queries.asset_counts(user)
        whole = sum(assets.values(), queries.AssetCounts())
        return Response(
            self.get_serializer(
                {
                    "as_of": now,
                    "exposed": found.exposed,
                    "unmanaged": found.unmanaged,
                    "unjudged": found.unjudged,
                    "severities": [{"severity": name, "credentials": n} for name, n in found.severities.items()],
                    "coverage": [{"kind": kind, **asdict(counts)} for kind, counts in assets.items()],
                    "unmanaged_by_kind": [
                        {
                            "kind": kind,
                            "label": label,
                            "credentials": sum(counts),
                            "ages": [
                                {"age": words, "introduced": introduced_in(band, today), "credentials": counts[band]}
                                for band, (words, _, _) in enumerate(BANDS)
                            ],
                        }
                        for (kind, label), counts in sorted(found.kinds.items())
                    ],
                    "introduced": {
                        "weeks": [
                            {"week": week, "credentials": found.weeks.new[week]}
                            for week in (first_monday(today) + timedelta(weeks=number) for number in range(WEEKS))
                        ],
                        "before": found.weeks.before,
                        "unknown": found.weeks.unknown,
                    },
                    "stored": asdict(held),
                    "unknowns": asdict(queries.unknowns(whole, found, held)),
                    "collecting": queries.collecting(user),
                }
            ).data
        )


urlpatterns = [path("overview/", OverviewFigures.as_view({"get": "retrieve"}), name="api-overview")]
