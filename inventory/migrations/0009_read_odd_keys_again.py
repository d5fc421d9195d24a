"""Take out of the keys of what versions hold every part that may be a value, and have these versions read again."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.db import migrations

# Words with at most a few digits behind them; what else is a name comes back with the next collection.
NAME = re.compile(r"[\W_]*(?:(?:[A-Za-z]{1,24}\d{0,4}|\d{1,4})(?:[-_./: ]+|\Z))*", re.ASCII)


def clean(apps: Any, schema_editor: Any) -> None:
    """Number the odd keys of each version; the next collection names them as it would today."""
    holdings, versions = apps.get_model("inventory", "Holding"), apps.get_model("inventory", "Version")
    rows = holdings.objects.order_by("pk").values_list("pk", "version", "key").iterator(chunk_size=2000)
    odd = [(pk, version) for pk, version, key in rows if not NAME.fullmatch(key)]
    for pk, version in odd:
        holdings.objects.filter(pk=pk).update(key=f"[redacted {pk}]")
        versions.objects.filter(pk=version).update(read_key="")
    exposures = apps.get_model("inventory", "Exposure")
    live = exposures.objects.filter(place="live", path__contains="#").order_by("pk").values_list("pk", "path")
    for pk, path in list(live):
        place, _, key = path.partition("#")
        if not NAME.fullmatch(key):
            now = f"{place}#[redacted {pk}]"
            exposures.objects.filter(pk=pk).update(path=now, path_digest=hashlib.sha256(now.encode()).hexdigest())


class Migration(migrations.Migration):
    """Cleans only; what it took away is not to come back."""

    dependencies = [("inventory", "0008_work_out_spread")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
