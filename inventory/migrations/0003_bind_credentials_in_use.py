from urllib.parse import urlsplit

from django.db import migrations


def bind(apps, schema_editor):
    """Bind each credential to the hosts that its sources lead to now."""
    ports = {"https": 443, "http": 80, "ssh": 22}
    for source in apps.get_model("inventory", "Source").objects.exclude(credential=""):
        parts = urlsplit(str(source.config.get("url") or ""))
        if parts.hostname:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            origin = f"{parts.scheme}://{host}:{parts.port or ports.get(parts.scheme, 0)}"
            apps.get_model("inventory", "CredentialBinding").objects.get_or_create(
                reference=source.credential, origin=origin
            )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_principals_and_rotation")]
    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
