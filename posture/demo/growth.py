"""Lets the demo organisation live on: a new secret here, a removal there, at each call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from posture.demo.description import DemoOrganisation, Planted, Where
from posture.demo.git import git
from posture.demo.history import Author, History
from posture.demo.organisation import email_of
from posture.demo.values import Values


@dataclass(frozen=True)
class Change:
    """One commit to come: a file with a secret in place of `<secret>`, or one that no longer holds any."""

    repository: str
    path: str
    text: str
    message: str
    author: str
    kind: str | None = None
    """What is planted, or None where the commit takes secrets away."""

    def planted(self) -> Planted | None:
        """Return what the commit adds to the planted places."""
        if self.kind is None:
            return None
        return Planted(self.repository, self.path, self.kind, Where.TIP, f"{self.repository}-{self.kind}")


CHANGES = (
    Change(
        "cart-service",
        "deploy/alerts.yaml",
        "receivers:\n  - name: checkout-oncall\n    slack_configs:\n      - api_url: <secret>\n",
        "Tell the channel when carts fail",
        "Ben Okafor",
        "slack-webhook",
    ),
    Change(
        "payments-web",
        "app/config/prod.py",
        'import os\n\nDEBUG = False\nALLOWED_HOSTS = ["pay.halden.example"]\nCURRENCY = "EUR"\n\n'
        'STRIPE_API_KEY = os.environ["STRIPE_API_KEY"]\nSTRIPE_TIMEOUT = 10\n',
        "Read the payment key from the environment",
        "Sofia Berg",
    ),
    Change(
        "store-locator",
        "deploy/maps.env",
        "MAPS_REGION=no\nMAPS_KEY=<secret>\n",
        "Show the map on staging",
        "Anton Beck",
        "google-cloud-api-key",
    ),
    Change(
        "mobile-ci",
        "scripts/release.sh",
        '#!/bin/sh\nset -eu\n\n: "${GITHUB_TOKEN:?comes from the workflow}"\ntag="v$1"\ngit tag "$tag"\n'
        'git push origin "$tag"\n',
        "Let the workflow hand over its own token",
        "Ines Duarte",
    ),
)


def grow(organisation: DemoOrganisation, *, seed: int | None = None, now: datetime | None = None) -> tuple[Change, ...]:
    """Commit the next two changes to the demo's repositories and return them; nothing once all are made.

    Raises:
        DemoError: git refuses.
    """
    now = now or datetime.now(UTC)
    values = Values(seed)
    coming = tuple(islice((change for change in CHANGES if not _is_made(organisation, change)), 2))
    for change in coming:
        _make(organisation, change, values, now)
    return coming


def _is_made(organisation: DemoOrganisation, change: Change) -> bool:
    place = organisation.root / f"{change.repository}.git"
    return change.message in git("log", "--format=%s", "main", folder=place).splitlines()


def _make(organisation: DemoOrganisation, change: Change, values: Values, now: datetime) -> None:
    text, planted = change.text, change.planted()
    if planted:
        text = text.replace("<secret>", values.get(planted.name, planted.kind))
    history = History()
    history.commit(change.message, Author(change.author, email_of(change.author)), now, {change.path: text})
    stream = history.stream(onto="refs/heads/main")
    place = organisation.root / f"{change.repository}.git"
    git("-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--done", folder=place, content=stream)
