"""Have the spread of every value that a store holds, and where everybody can read, worked out."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """Mark what the next run of the pipeline works out."""
    held = apps.get_model("inventory", "Holding").objects.values("credential")
    apps.get_model("inventory", "Credential").objects.filter(pk__in=held).update(severity_due=True)
    apps.get_model("inventory", "Source").objects.update(readers_due=True)


class Migration(migrations.Migration):
    """Marks only; nothing is lost on the way back."""

    dependencies = [("inventory", "0007_spread_of_values")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
