"""Lets all sessions of a person end at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("user", "session_generation", models.PositiveIntegerField(default=0)),
    ]
