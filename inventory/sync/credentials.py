"""Finds or makes the credential of each value that a read met, by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone

from inventory.collector import FindingRecord
from inventory.detection.provider import formats
from inventory.models import Asset, Credential
from inventory.sync.remembered import known_blobs


class Credentials:
    """The credentials of one read of one asset."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset
        self._findings: dict[str, FindingRecord] = {}

    def learn(self, findings: Iterable[FindingRecord]) -> None:
        """Take note of what a value is, for when its credential is asked for."""
        for finding in findings:
            known = self._findings.get(finding.fingerprint)
            # A provider's own format says more of a value than a guess does, wherever it was met first.
            if known is None or (_guessable(known.rule) and not _guessable(finding.rule)):
                self._findings[finding.fingerprint] = finding

    def of(self, fingerprints: set[str]) -> dict[str, int]:
        """Return the credential of each fingerprint, made where there is none yet."""
        self._remember(fingerprints)
        key_id = next(iter(self._findings.values())).key_id
        # Sorted, so that two workers that meet the same values take their rows in the same order.
        rows = [_credential(self._findings[each]) for each in sorted(fingerprints)]
        Credential.objects.bulk_create(rows, ignore_conflicts=True)
        found = Credential.objects.filter(fingerprint__in=fingerprints, key_id=key_id)
        credentials = dict(found.values_list("fingerprint", "pk"))
        Credential.objects.filter(pk__in=credentials.values()).update(last_seen_at=timezone.now(), severity_due=True)
        return credentials

    def is_weak(self, fingerprint: str, rule: str) -> bool:
        """Say whether a known value can be guessed: it is short of randomness, or the rule guessed it here."""
        return self._findings[fingerprint].weak or _guessable(rule)

    def mark_guessable(self, credentials: Mapping[str, int], met: Iterable[tuple[str, str]]) -> None:
        """Mark what can be guessed where it was met, by fingerprint and rule, for ever.

        Whoever found a value first must not decide, or a guess that was written like a provider's key stays none when
        somebody's store turns out to hold it (W27).
        """
        weak = {credentials[fingerprint] for fingerprint, rule in met if self.is_weak(fingerprint, rule)}
        Credential.objects.filter(pk__in=weak, weak=False).update(weak=True)

    def _remember(self, fingerprints: set[str]) -> None:
        """Find what a value is where an earlier read met it, and this one only saw where it went."""
        missing = fingerprints - self._findings.keys()
        if not missing:
            return
        for record in known_blobs(self.asset):
            for finding in record.findings:
                if finding.fingerprint in missing:
                    self._findings[finding.fingerprint] = finding


def _guessable(rule: str) -> bool:
    """Say whether people may have chosen what the rule finds (W27), also where nobody knows the rule any more."""
    _provider, form = formats().get(rule, (None, None))
    return form is None or form.guessable


def _credential(finding: FindingRecord) -> Credential:
    provider, form = formats().get(finding.rule, (None, None))
    now = timezone.now()
    return Credential(
        fingerprint=finding.fingerprint,
        key_id=finding.key_id,
        rule=finding.rule,
        provider=provider.slug if provider else "",
        kind=form.kind.value if form else "generic-secret",
        confidence=finding.confidence,
        weak=finding.weak or _guessable(finding.rule),
        first_seen_at=now,
        last_seen_at=now,
    )
