"""Says on a page what the demo organisation lacks on this machine."""

from __future__ import annotations

from pathlib import Path

from django import template
from django.conf import settings

from posture.demo.vault.place import Missing, missing

register = template.Library()


@register.simple_tag
def demo_lack() -> Missing | None:
    """Return what the demo's vault lacks, for whoever sees everything; nothing where this is no demo."""
    return missing(Path(settings.DATA_DIR) / "demo")
