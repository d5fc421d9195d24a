"""Keep on each exposure what its own team's places say, and sort severities by an index."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

LEVELS = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low"), ("info", "Info")]


def severity_rank() -> models.GeneratedField:
    """Return the column as the models have it."""
    ranks = [models.When(severity=value, then=models.Value(rank)) for rank, (value, _) in enumerate(LEVELS)]
    return models.GeneratedField(
        db_persist=True,
        expression=models.Case(*ranks, default=models.Value(len(ranks))),
        output_field=models.PositiveSmallIntegerField(),
    )


def rate_again(apps: Any, schema_editor: Any) -> None:
    """Have every severity worked out anew; until then a place counts as guessable where its value does."""
    credentials = apps.get_model("inventory", "Credential").objects
    apps.get_model("inventory", "Exposure").objects.filter(credential__in=credentials.filter(weak=True)).update(
        weak=True
    )
    credentials.update(severity_due=True)


class Migration(migrations.Migration):
    """Columns first, then their indexes, then the rows."""

    dependencies = [
        ("accounts", "0003_sign_in_counter"),
        ("inventory", "0005_tier_of_secrets"),
    ]

    operations = [
        migrations.AddField("credential", "severity_rank", severity_rank()),
        migrations.AddField(
            "exposure", "severity", models.CharField(choices=LEVELS, default="medium", max_length=16)
        ),
        migrations.AddField("exposure", "severity_reason", models.CharField(blank=True, max_length=500)),
        migrations.AddField("exposure", "weak", models.BooleanField(default=False)),
        migrations.AddField("exposure", "severity_rank", severity_rank()),
        migrations.AddIndex(
            "credential", models.Index(fields=["severity_rank", "id"], name="credential_by_severity")
        ),
        migrations.AddIndex(
            "exposure",
            models.Index(fields=["gone_at", "severity_rank", "-first_at", "-id"], name="exposure_by_severity"),
        ),
        migrations.RunPython(rate_again, migrations.RunPython.noop),
    ]
