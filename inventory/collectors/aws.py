"""Collects what accounts at AWS hold, how old it is, and who can reach it."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Any, ClassVar

from inventory.aws.client import PARTITIONS, Client, regions_of, roles_of
from inventory.aws.encryption_keys import EncryptionKeys
from inventory.aws.failures import Refused
from inventory.aws.grants import Account
from inventory.aws.identities import Identities
from inventory.aws.parameters import Parameters
from inventory.aws.probe import abilities
from inventory.aws.reading import Reading, unless_refused
from inventory.aws.resource_policy import Outsiders
from inventory.aws.rights import least_rights
from inventory.aws.stored import StoredSecrets
from inventory.aws.variables import Variables
from inventory.collector import (
    ACCESS,
    Ability,
    AssetFactsRecord,
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    ProgressRecord,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, as_text, host_alone, wrong
from inventory.stores.values import Values
from posture.common.origin import origin_of

AWS = "https://amazonaws.com"
"""Stands for all of AWS's own hosts, which a credential is bound to where no endpoint is named."""
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}")
_ROLE = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role/[\w+=,.@/-]{1,512}")
_READ_BEFORE = "variables"


class AWSCollector(Collector):
    """Reads accounts at AWS: Secrets Manager, secure parameters, access keys and KMS keys, and who IAM lets at them.

    Names, ages, rotation and rights are read; values are not, unless fingerprints are switched on. Then the variables
    of Lambda functions and CodeBuild projects are looked at too, for secrets that stand there. The rights are those of
    the source's own credential, never those of the machine that this runs on.
    """

    slug: ClassVar[str] = "aws"
    label: ClassVar[str] = "AWS"
    asset_kind: ClassVar[str] = "account"
    needed_credential: ClassVar[str] = "an access key: JSON with access_key_id and secret_access_key, or id:secret"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "regions",
            "Regions",
            "Such as eu-central-1, us-east-1. Empty for all that the account has enabled; outside of AWS's public "
            "part name at least one. The credential is JSON with access_key_id and secret_access_key (and "
            '"session_token"), or id:secret.',
        ),
        ConfigField(
            "roles",
            "Roles",
            "ARNs of the roles to take, one for each account. Empty for the account of the credential itself.",
        ),
        ConfigField("endpoint", "Endpoint", "Only where a gateway stands before AWS: its address.", kind="url"),
        FINGERPRINT,
        CONCURRENCY,
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType({"regions": "Regions", "alias": "Alias"})
    least_rights: ClassVar[str] = least_rights()
    cannot_know: ClassVar[tuple[str, ...]] = (
        "Secrets in the variables of Lambda functions and CodeBuild projects: whoever lists them is handed the values, "
        "so that they are looked at only with fingerprints.",
        "The first version of a parameter that was changed, and its older ones: their list holds values too.",
        "When a parameter or an encryption key was used last: only CloudTrail tells.",
        "Whether a new version holds a new value, and whether two secrets hold the same: that takes fingerprints.",
        "What the organisation's own policies (SCPs), sessions and the policies of KMS keys forbid on top: whoever is "
        "said to read a secret may still be kept from it.",
        "Who reads by taking a role: the role is told as the reader, with who may take it.",
    )
    tested_against: ClassVar[str] = (
        "two stand-ins that keep state, moto and ministack, of which the second enforces IAM: the least rights were "
        "enough there, and no value could be read with them. Not against AWS itself. What the stand-ins do not tell "
        "(how many rights were used, a rotation that failed) is tested in the form of AWS's documented answers."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check regions, roles and the endpoint."""
        settings = Settings.of(config, cls.fields)
        regions = settings.listed("regions")
        roles = list(dict.fromkeys(roles_of({"roles": as_text(config.get("roles"))})))
        if odd := [each for each in regions if not _REGION.fullmatch(each)]:
            raise wrong(f"{odd[0][:60]} is no region. Regions are written such as eu-central-1, us-east-1.")
        partitions = {_partition(each) for each in regions} or {"aws"}
        accounts: set[str] = set()
        for role in roles:
            found = _ROLE.fullmatch(role)
            if not found:
                raise wrong("A role is named by its ARN, such as arn:aws:iam::123456789012:role/secrets-posture.")
            if found.group(2) in accounts:
                raise wrong(f"Two roles lead to the account {found.group(2)}, which would count twice. Leave one out.")
            accounts.add(found.group(2))
            partitions.add(found.group(1))
        if len(partitions) > 1:
            raise wrong(
                "Regions and roles belong to different partitions of AWS (its public part, China, US government). Make "
                "a source for each, and name its regions."
            )
        return {
            "regions": ", ".join(regions),
            "roles": ", ".join(roles),
            "endpoint": _address(settings.text("endpoint")),
            "fingerprint": settings.yes("fingerprint"),
            "concurrency": settings.number("concurrency"),
        }

    @classmethod
    def origins(cls, config: Mapping[str, Any]) -> frozenset[str]:
        """Return the gateway's origin, or the one that stands for AWS itself."""
        return frozenset({origin_of(str(config.get("endpoint") or AWS))})

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare the accounts that roles name; whose account a credential opens is not known from here."""
        if config.get("endpoint") != other.get("endpoint"):
            return ""
        here, there = (set(map(_account_of, roles_of(each))) for each in (config, other))
        regions = [set(regions_of(each)) for each in (config, other)]
        if not here & there or (all(regions) and not regions[0] & regions[1]):
            return ""
        return "names an account of"

    def probe(self, context: ReadContext) -> list[Ability]:
        """Try the smallest request for each thing, in the first account."""
        found: list[Ability] = []
        for role in self._roles():
            if not found:
                with self._client(context, role) as client:
                    number, _ = _identity(client)
                    found += abilities(client, number, values=bool(self.config.get("fingerprint")))
                continue
            try:
                with self._client(context, role) as client:
                    _identity(client)
            except CollectorError as error:
                found.append(Ability(f"Take {role}", False, f"account {_account_of(role)}", str(error)))
            else:
                found.append(Ability(f"Take {role}", True, f"account {_account_of(role)}"))
        return found

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield every account; one whose role cannot be taken fails when it is read, and no other with it."""
        for role in self._roles():
            context.alive()
            if role:
                number = _account_of(role)
                yield AssetRecord(number, self.asset_kind, f"AWS account {number}", role)
                continue
            with self._client(context, role) as client:
                number, partition = _identity(client)
            yield AssetRecord(number, self.asset_kind, f"AWS account {number}", f"arn:{partition}:iam::{number}:root")

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one account holds, and who may do what with it."""
        role = asset.locator if _ROLE.fullmatch(asset.locator) else ""
        if role not in self._roles():
            raise CollectorError(f"The account {asset.external_id} is not among the roles of this source any more.")
        with self._client(context, role) as client:
            number, partition = _identity(client)
            if number != asset.external_id:
                raise CollectorError(
                    f"The credential is for the account {number}, not for {asset.external_id}. Collect again to find "
                    "the new one; what was read of the old one is kept."
                )
            reading = Reading(client, Account(number, partition), context.alive, self._values(context))
            identities = Identities(reading)
            told = yield from unless_refused(identities.read(), "users, roles and policies")
            reading.access_told = told or bool(context.cursor.get(ACCESS))
            regions = yield from self._regions(reading)
            outsiders = Outsiders(reading.account, identities.listed)
            for at, region in enumerate(regions):
                yield ProgressRecord("regions", at, len(regions))
                context.alive()
                yield from self._region(reading, region, outsiders)
                client.forget(region)
            yield from self._left_out(reading, context, outsiders)
            yield AssetFactsRecord(attributes=self._facts(client, regions))
            counts = {"secrets": reading.secrets, "principals": reading.principals, "requests": client.requests}
            cursor = {_READ_BEFORE: True} if reading.values or context.cursor.get(_READ_BEFORE) else {}
            cursor[ACCESS] = reading.access_told
            yield DoneRecord(cursor=cursor, full=True, counts=counts)

    def _region(self, reading: Reading, region: str, outsiders: Outsiders) -> Iterator[Record]:
        yield from unless_refused(StoredSecrets(reading, region, outsiders).read(), f"secrets in {region}")
        yield from unless_refused(Parameters(reading, region).read(), f"parameters in {region}")
        yield from unless_refused(EncryptionKeys(reading, region).read(), f"encryption keys in {region}")
        if reading.values:
            variables = Variables(reading, region)
            yield from unless_refused(variables.functions(), f"variables of functions in {region}")
            yield from unless_refused(variables.builds(), f"variables of builds in {region}")

    def _regions(self, reading: Reading) -> Generator[Record, None, list[str]]:
        """Return the regions to read: those that are named, or those that the account has enabled."""
        named = regions_of(self.config)
        if named:
            return named
        home = reading.client.home
        try:
            answer = reading.client.call("ec2", "describe_regions")
        except Refused as refused:
            yield SkipRecord(f"{refused.why}; name the regions instead", f"regions other than {home}")
            return [home]
        listed = (str(each.get("RegionName") or "") for each in answer.get("Regions", ()))
        found = sorted(each for each in listed if _REGION.fullmatch(each))
        if not found:
            yield SkipRecord("AWS lists no region; name the regions instead", f"regions other than {home}")
        return found or [home]

    def _left_out(self, reading: Reading, context: ReadContext, outsiders: Outsiders) -> Iterator[SkipRecord]:
        if outsiders.unknown:
            reason = "a policy names somebody of the account who is not listed"
            yield SkipRecord(reason, "principals of resource policies", outsiders.unknown, partial=False)
        if context.cursor.get(_READ_BEFORE) and not reading.values:
            # Otherwise what was found there would be taken for gone.
            reason = "they are looked at only with fingerprints, which were switched off"
            yield SkipRecord(reason, "variables of functions and builds")

    def _facts(self, client: Client, regions: list[str]) -> dict[str, str]:
        facts = {"regions": ", ".join(regions)[:500]}
        try:
            aliases = client.call("iam", "list_account_aliases").get("AccountAliases") or []
        except Refused:
            aliases = []
        return facts | ({"alias": str(aliases[0])[:100]} if aliases else {})

    def _roles(self) -> list[str]:
        return roles_of(self.config) or [""]

    def _values(self, context: ReadContext) -> Values | None:
        return Values.of(context) if self.config.get("fingerprint") else None

    def _client(self, context: ReadContext, role: str) -> closing[Client]:
        return closing(Client.of(self.config, context, role))


def _identity(client: Client) -> tuple[str, str]:
    """Return whose account the credential is for, and in which partition.

    Raises:
        CollectorError: AWS does not tell.
    """
    try:
        answer = client.call("sts", "get_caller_identity")
    except Refused as refused:
        raise CollectorError(f"AWS does not tell whose the credential is: {refused.why}.", permanent=True) from None
    number, arn = str(answer.get("Account") or ""), str(answer.get("Arn") or "")
    if not re.fullmatch(r"\d{12}", number):
        raise CollectorError("What answers does not name an account as AWS does. Check the endpoint.", permanent=True)
    return number, arn.split(":")[1] if arn.startswith("arn:aws") else client.partition


def _account_of(role: str) -> str:
    return role.split(":")[4]


def _partition(region: str) -> str:
    return next((name for start, name in PARTITIONS.items() if region.startswith(start)), "aws")


def _address(given: str) -> str:
    address = host_alone(given)
    if given and not address:
        raise wrong("The endpoint begins with https:// and ends after host and port. Leave it empty for AWS itself.")
    return address


COLLECTOR = AWSCollector
