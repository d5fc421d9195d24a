"""The service accounts of a project, and the keys of theirs that people hold: long-lived credentials, by their age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from inventory.collector import Record, SecretRecord, SkipRecord
from inventory.gcp.answer import entries, part
from inventory.gcp.failures import Refused
from inventory.gcp.instants import NO_END, as_time
from inventory.gcp.members import account_record, member_id
from inventory.gcp.names import EMAIL, KEY
from inventory.gcp.policies import Policies
from inventory.gcp.reading import Reading
from inventory.store_records import SecretKind

ACCOUNTS_RIGHT, KEYS_RIGHT = "iam.serviceAccounts.list", "iam.serviceAccountKeys.list"
USES_RIGHT = "policyanalyzer.{}Activities.query"
ACCOUNT_USES, KEY_USES = "serviceAccountLastAuthentication", "serviceAccountKeyLastAuthentication"
_SAYS = "Policy Analyzer, lastAuthenticatedTime, to the day"
_DISABLED_FOR = {
    "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED": "somebody switched it off",
    "SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED": "Google found it exposed",
    "SERVICE_ACCOUNT_KEY_DISABLE_REASON_COMPROMISE_DETECTED": "Google found it used by an attacker",
}


@dataclass
class Uses:
    """When accounts or keys were used last, by the end of their full names."""

    last: dict[str, datetime] = field(default_factory=dict)
    why: str = ""
    """Why it is not known; empty where it is."""

    def of(self, name: str) -> tuple[datetime | None, str]:
        """Return when one was used last, and what says so."""
        if self.why:
            return None, self.why
        used = self.last.get(name)
        return used, _SAYS if used else "Policy Analyzer tells no use within its window"


@dataclass
class Accounts:
    """The service accounts of one project."""

    reading: Reading
    policies: Policies

    def read(self) -> Iterator[Record]:
        """Yield every account with its keys.

        Raises:
            Refused: they may not be listed.
        """
        client, project = self.reading.client, self.reading.project
        uses, key_uses = self._uses(ACCOUNT_USES), self._uses(KEY_USES)
        pages = client.lists("iam", f"v1/projects/{project}/serviceAccounts", ACCOUNTS_RIGHT, 100)
        refused: dict[str, int] = {}
        ended: list[Refused] = []
        for account, (keys, why) in self.reading.crew().each(self._listed(pages, ended), self._keys):
            if why:
                refused[why] = refused.get(why, 0) + 1
            used, used_why = uses.of(str(account["email"]))
            record = account_record(project, account, used, used_why, None if keys is None else len(keys))
            self.policies.told.add(record.external_id)
            self.reading.principals += 1
            yield record
            for key in keys or ():
                self.reading.secrets += 1
                yield key_record(project, key, account, key_uses)
        for why, count in refused.items():
            yield SkipRecord(why, "keys of service accounts", count)
        for why in sorted({uses.why, key_uses.why} - {""}):
            yield SkipRecord(why, "last uses of service accounts and their keys", partial=False)
        for each in ended:
            raise each

    def _listed(self, pages: Iterator[dict[str, Any]], ended: list[Refused]) -> Iterator[dict[str, Any]]:
        try:
            for page in self.reading.listed(pages):
                for each in entries(page, "accounts"):
                    if EMAIL.fullmatch(str(each.get("email") or "")):
                        yield each
        except Refused as refused:
            # Raising it here would drop what is under way for the accounts before.
            ended.append(refused)

    def _keys(self, account: dict[str, Any]) -> tuple[list[dict[str, Any]] | None, str]:
        """Return the keys that people hold, which Google calls user-managed; None with the reason otherwise."""
        where = f"v1/projects/{self.reading.project}/serviceAccounts/{quote(str(account['email']), safe='@')}/keys"
        try:
            told = self.reading.client.ask("iam", where, KEYS_RIGHT, params={"keyTypes": "USER_MANAGED"})
        except Refused as refused:
            return None, refused.why
        # What answers may not heed the filter: keys that Google itself holds and changes are nobody's to rotate.
        return [each for each in entries(told, "keys") if each.get("keyType") != "SYSTEM_MANAGED" and _key_id(each)], ""

    def _uses(self, kind: str) -> Uses:
        where = f"v1/projects/{self.reading.project}/locations/global/activityTypes/{kind}/activities:query"
        found = Uses()
        try:
            pages = self.reading.client.lists("policyanalyzer", where, USES_RIGHT.format(kind), 1000)
            for page in self.reading.listed(pages):
                for each in entries(page, "activities"):
                    name = str(each.get("fullResourceName") or "")
                    if used := as_time(part(each, "activity").get("lastAuthenticatedTime")):
                        found.last[name.rpartition("/serviceAccounts/")[2]] = used
        except Refused as refused:
            found.why = refused.why
        return found


def key_record(project: str, key: dict[str, Any], account: dict[str, Any], uses: Uses) -> SecretRecord:
    """Return one key. Google keeps its public half only, so that no right can read it and it has no address."""
    email, own = str(account["email"]), _key_id(key)
    used, used_why = uses.of(f"{email}/keys/{own}")
    if not used and (unique := str(account.get("uniqueId") or "")) and not uses.why:
        used, used_why = uses.of(f"{unique}/keys/{own}")
    ends = as_time(key.get("validBeforeTime"))
    endless = ends is not None and ends.year >= NO_END
    uploaded = key.get("keyOrigin") == "USER_PROVIDED"
    facts: dict[str, Any] = {"Held by": email}
    if uploaded:
        facts["Made elsewhere and uploaded"] = True
    if reason := _DISABLED_FOR.get(str(key.get("disableReason"))):
        facts["Switched off, because"] = reason
    statuses = {str(each.get("key")) for each in entries(key, "extendedStatus")}
    if any(each.endswith(("_EXPOSED", "_COMPROMISE_DETECTED")) for each in statuses):
        facts["Google found it exposed or misused"] = True
    return SecretRecord(
        f"service-accounts/{email}/keys/{own}",
        kind=SecretKind.SERVICE_ACCOUNT_KEY,
        logs_in_as=member_id(project, f"serviceAccount:{email}"),
        created_at=as_time(key.get("validAfterTime")),
        last_used_at=used,
        expires_at=None if endless else ends,
        enabled=key.get("disabled") is not True and account.get("disabled") is not True,
        auto_rotated=False,
        ephemeral=False,
        evidence={
            "created_at": "IAM, validAfterTime" + (" of what was uploaded" if uploaded else ""),
            "rotated_at": "a key is replaced, never changed",
            "last_used_at": used_why,
            "expires_at": "IAM, validBeforeTime: it has no end" if endless or not ends else "IAM, validBeforeTime",
            "enabled": "IAM, disabled of the key and of its account",
            "auto_rotated": "IAM rotates no key that people hold",
            "rotation_failed": "IAM rotates no key that people hold",
            "ephemeral": "a long-lived key",
        },
        attributes=facts,
    )


def _key_id(key: dict[str, Any]) -> str:
    own = str(key.get("name") or "").rpartition("/keys/")[2]
    return own if KEY.fullmatch(own) else ""


__all__ = ["ACCOUNTS_RIGHT", "ACCOUNT_USES", "KEYS_RIGHT", "KEY_USES", "USES_RIGHT", "Accounts", "key_record"]
