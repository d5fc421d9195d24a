"""Collects what Google Secret Manager holds, how old it is, and who can reach it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Any, ClassVar

from inventory.collector import (
    ACCESS,
    Ability,
    AssetFactsRecord,
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.gcp.accounts import Accounts
from inventory.gcp.client import READS_A_MINUTE, Client
from inventory.gcp.manager import StoredSecrets
from inventory.gcp.names import LOCATION, PROJECT
from inventory.gcp.policies import Policies
from inventory.gcp.probe import abilities
from inventory.gcp.reading import Reading, unless_refused
from inventory.gcp.rights import least_rights
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, host_alone, listed, wrong
from inventory.stores.values import Values
from posture.common.origin import origin_of

MOST_A_MINUTE = 90_000
GOOGLE = "https://googleapis.com"
"""Stands for all of Google's own hosts, which a credential is bound to where no endpoint is named."""
_ABOVE, _BINDINGS = "above", "bindings"


class GoogleCollector(Collector):
    """Reads projects at Google Cloud: Secret Manager, keys of service accounts, and who IAM lets at them.

    Names, ages, schedules and rights are read; values are not, unless fingerprints are switched on. A rotation schedule
    only sends notifications, so that a secret counts as rotated automatically where its versions really followed it.
    The rights are those of the source's own credential, never those of the machine that this runs on. Tested against
    Google's own published description of its API, not against Google itself.
    """

    slug: ClassVar[str] = "google"
    label: ClassVar[str] = "Google Secret Manager"
    asset_kind: ClassVar[str] = "project"
    needed_credential: ClassVar[str] = "the key of a service account, the JSON file as Google made it"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "projects",
            "Projects",
            "Ids, such as payments-prod, payments-test. Empty for the one that the credential belongs to. The "
            "credential is the key of a service account: the JSON file as Google made it.",
        ),
        ConfigField(
            "locations",
            "Locations",
            "Only where there are regional secrets: their locations, such as europe-west3, us-central1.",
        ),
        ConfigField("endpoint", "Endpoint", "Only where a gateway stands before Google: its address.", kind="url"),
        FINGERPRINT,
        ConfigField(
            "bindings",
            "Rights on single secrets",
            "Ask each secret who may use it. That takes a second request for each; without it only the rights of the "
            "whole project are known.",
            kind="boolean",
            default=True,
        ),
        CONCURRENCY,
        ConfigField(
            "pace",
            "Requests a minute",
            "How often Secret Manager is asked at most, without the values. It allows 600 for everybody who uses the "
            "project together, unless you were given more.",
            kind="number",
            default=READS_A_MINUTE,
        ),
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType({"locations": "Locations"})
    least_rights: ClassVar[str] = least_rights()
    cannot_know: ClassVar[tuple[str, ...]] = (
        "When a secret was read last, and by whom: only the data access log of Cloud Audit Logs tells.",
        "Whether a new version holds a new value, and whether two secrets hold the same: that takes fingerprints.",
        "Who is in a group or a domain, and how many: one reader stands for all of them.",
        "Rights that folders and the organisation give, unless their policies may be read.",
        "What deny policies, access boundaries and service perimeters forbid on top: whoever is said to read a secret "
        "may still be kept from it.",
        "Who reads by acting as a service account: the account is told as the reader.",
        "Whether something outside changes values by a schedule of its own: without one in Secret Manager a secret "
        "counts as changed by hand.",
        "When a rotation schedule was set: where no version followed its last notification and none before, it may be "
        "younger than that.",
    )
    tested_against: ClassVar[str] = (
        "Google's published description of its API, and a stand-in that keeps state. Not against Google itself."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check projects, locations and the endpoint."""
        settings = Settings.of(config, cls.fields)
        projects, locations = settings.listed("projects"), settings.listed("locations")
        if odd := [each for each in projects if not PROJECT.fullmatch(each)]:
            raise wrong(f"{odd[0][:60]} is no project's id. They are written such as payments-prod.")
        if odd := [each for each in locations if not LOCATION.fullmatch(each)]:
            raise wrong(f"{odd[0][:60]} is no location. They are written such as europe-west3, us-central1.")
        return {
            "projects": ", ".join(projects),
            "locations": ", ".join(locations),
            "endpoint": _address(settings.text("endpoint")),
            "fingerprint": settings.yes("fingerprint"),
            "bindings": settings.yes("bindings"),
            "concurrency": settings.number("concurrency"),
            "pace": settings.number("pace", MOST_A_MINUTE),
        }

    @classmethod
    def origins(cls, config: Mapping[str, Any]) -> frozenset[str]:
        """Return the gateway's origin, or the one that stands for Google itself."""
        return frozenset({origin_of(str(config.get("endpoint") or GOOGLE))})

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare the projects that are named; whose project a credential opens is not known from here."""
        here, there = (set(listed(each.get("projects"))) for each in (config, other))
        return "names a project of" if config.get("endpoint") == other.get("endpoint") and here & there else ""

    def probe(self, context: ReadContext) -> list[Ability]:
        """Ask Google what the credential allows in each project."""
        with self._client(context) as client:
            projects = self._projects(client)
            found: list[Ability] = []
            for project in projects:
                told = abilities(client, project, values=bool(self.config.get("fingerprint")))
                found += told if len(projects) == 1 else (_within(project, each) for each in told)
            return found

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield every project; one that cannot be read fails when it is, and no other with it."""
        with self._client(context) as client:
            for project in self._projects(client):
                context.alive()
                yield AssetRecord(project, self.asset_kind, project, f"projects/{project}")

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one project holds, and who may do what with it."""
        with self._client(context) as client:
            project = asset.external_id
            if project not in self._projects(client):
                raise CollectorError(f"The project {project[:60]} is not among those of this source any more.")
            bindings = bool(self.config.get("bindings", True))
            reading = Reading(client, project, context.alive, self._values(context), bindings)
            policies = Policies(reading)
            yield from unless_refused(Accounts(reading, policies).read(), "service accounts and their keys")
            told = yield from unless_refused(policies.project(), "the project's policy")
            reading.access_told = told or bool(context.cursor.get(ACCESS))
            yield from policies.above(read_before=bool(context.cursor.get(_ABOVE)))
            for location in ("", *client.locations):
                what = f"secrets in {location}" if location else "secrets"
                yield from unless_refused(StoredSecrets(reading, policies, location).read(), what)
            yield from policies.left_out()
            if not bindings and context.cursor.get(_BINDINGS):
                # Otherwise what was found there would be taken for gone.
                yield SkipRecord("asking for them was switched off", "rights on single secrets")
            if client.skew:
                what = f"its clock is {abs(client.skew)} minutes {'ahead of' if client.skew > 0 else 'behind'} ours"
                yield SkipRecord("ages are off by as much", what, partial=False)
            yield AssetFactsRecord(attributes={"locations": ", ".join(client.locations)} if client.locations else {})
            kept = {_ABOVE: policies.above_was_read, _BINDINGS: bindings}
            cursor = {name: True for name, now in kept.items() if now or context.cursor.get(name)}
            cursor[ACCESS] = reading.access_told
            counts = {"secrets": reading.secrets, "principals": reading.principals, "requests": client.requests}
            yield DoneRecord(cursor=cursor, full=True, counts=counts)

    def _projects(self, client: Client) -> list[str]:
        """Return the projects to read.

        Raises:
            CollectorError: none is named, not even by the credential.
        """
        projects = listed(self.config.get("projects")) or [client.key.project]
        if not projects[0]:
            raise CollectorError("Neither the source nor its credential names a project. Name one.", permanent=True)
        return projects

    def _values(self, context: ReadContext) -> Values | None:
        return Values.of(context) if self.config.get("fingerprint") else None

    def _client(self, context: ReadContext) -> closing[Client]:
        return closing(Client.of(self.config, context))


def _within(project: str, ability: Ability) -> Ability:
    return Ability(f"{project}: {ability.name}", ability.allowed, ability.gives, ability.detail)


def _address(given: str) -> str:
    address = host_alone(given)
    if given and not address:
        raise wrong("The endpoint begins with https:// and ends after host and port. Leave it empty for Google.")
    return address


COLLECTOR = GoogleCollector
