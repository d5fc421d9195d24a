"""Which origin each credential's name was first used for: it is sent nowhere else (SECURITY W15)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class CredentialBinding(models.Model):
    """A credential's name and one origin that it may be sent to. It stays when its sources go or move."""

    reference = models.CharField(max_length=200)
    """The name of the credential, never the credential."""
    origin = models.CharField(max_length=300)
    """Scheme, host and port."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["reference", "origin"]
        constraints = [models.UniqueConstraint(fields=["reference", "origin"], name="credential_binding_once")]

    def __str__(self) -> str:
        return f"{self.reference} for {self.origin}"
