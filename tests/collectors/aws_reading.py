"""Reads a stand-in for AWS, or what stands before one, with the AWS collector, as the inventory would."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from inventory.aws import client as aws_client
from inventory.aws.client import Client
from inventory.collector import (
    AssetRecord,
    DoneRecord,
    GrantRecord,
    LiveExposureRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.aws import AWSCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.services.fault_server import Asked, Reply
from tests.services.moto import REGION, Moto

REFERENCE = "env:POSTURE_CREDENTIAL_AWS"
_TARGETS = {
    "secretsmanager": "secretsmanager",
    "AmazonSSM": "ssm",
    "TrentService": "kms",
    "CodeBuild_20161006": "codebuild",
}


@dataclass
class Collected:
    """What one collection of everything brought."""

    assets: list[AssetRecord] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)

    def of(self, kind: type) -> list[Any]:
        """Return the records of a kind."""
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def secrets(self) -> dict[str, SecretRecord]:
        """Return the secrets by path, without the region."""
        return {record.path.replace(f"/{REGION}/", "/"): record for record in self.of(SecretRecord)}

    @property
    def principals(self) -> dict[str, PrincipalRecord]:
        """Return the principals by name."""
        return {record.name: record for record in self.of(PrincipalRecord)}

    @property
    def grants(self) -> list[GrantRecord]:
        """Return all grants."""
        return self.of(GrantRecord)

    @property
    def exposures(self) -> dict[str, LiveExposureRecord]:
        """Return what stands outside of stores, by place."""
        return {record.path.replace(f"/{REGION}/", "/"): record for record in self.of(LiveExposureRecord)}

    @property
    def skips(self) -> dict[str, SkipRecord]:
        """Return what was skipped, by what it is."""
        return {record.what: record for record in self.of(SkipRecord)}

    @property
    def done(self) -> DoneRecord:
        """Return the end."""
        return self.of(DoneRecord)[-1]


@dataclass
class Reading:
    """How a test reads."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    known: list[tuple[str, str, str]] = field(default_factory=list)
    alive: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)
    """What the collector asked AWS for, such as iam:ListAccessKeys."""

    def __post_init__(self) -> None:
        made = Client._made

        def noted(client: Client, service: str, region: str, **given: Any) -> Any:
            client.asked = lambda service, operation: self.asked.append(f"{service}:{operation}")
            return made(client, service, region, **given)

        self.monkeypatch.setattr(Client, "_made", noted)
        # Part of what IAM counts moto fails to answer, every time and at each try.
        self.monkeypatch.setattr(aws_client, "ATTEMPTS", 3)

    def context(self, credential: str, **more: Any) -> ReadContext:
        """Return a context with this credential."""
        self.monkeypatch.setenv("POSTURE_CREDENTIAL_AWS", credential)
        key = self.folder / "fingerprint.key"
        load_key(key, create=True)
        workspace = self.folder / "mirrors" / "1"
        workspace.mkdir(parents=True, exist_ok=True)
        given = {"network": Network(anywhere=True), "alive": self.alive, "cursor": {}} | more
        return ReadContext(
            workspace=workspace,
            key_file=key,
            known_blobs=lambda: iter(()),
            known_versions=lambda: iter(self.known),
            credential=REFERENCE,
            credential_dir=self.folder,
            **given,
        )

    def collector(self, aws: Moto, **config: Any) -> AWSCollector:
        """Return a collector of one region, unless told otherwise."""
        return AWSCollector(AWSCollector.clean({"endpoint": aws.url, "regions": REGION} | config))

    def collect(self, aws: Moto, *, cursor: Any = None, **config: Any) -> Collected:
        """Read everything."""
        collector, context = self.collector(aws, **config), self.context(aws.credential, cursor=cursor or {})
        found = Collected()
        for record in collector.discover(context):
            assert isinstance(record, AssetRecord)
            found.assets.append(record)
            found.records += collector.read(record, context)
        return found


@dataclass
class Gateway:
    """What stands before AWS, passes requests on, and answers some of them otherwise: `answers` by operation."""

    aws: Moto
    answers: dict[str, Callable[[Asked], Reply | None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def __call__(self, asked: Asked) -> Reply:
        """Answer, for a loopback server."""
        operation = operation_of(asked)
        self.asked.append(operation)
        chosen = self.answers.get(operation) or self.answers.get("*")
        if chosen and (reply := chosen(asked)):
            return reply
        return self.passed_on(asked)

    def passed_on(self, asked: Asked) -> Reply:
        """Ask AWS itself."""
        # The host too: it is signed. Prepared by hand, so that the path goes through as it was sent.
        kept = {name: value for name, value in asked.headers.items() if name.lower() != "content-length"}
        request = requests.Request(asked.method, self.aws.url, headers=kept, data=asked.body).prepare()
        request.url = self.aws.url + asked.path
        told = self.session.send(request, timeout=30)
        return Reply(told.content, told.status_code, {"Content-Type": told.headers.get("Content-Type", "")})

    def edited(self, change: Callable[[dict[str, Any]], None]) -> Callable[[Asked], Reply]:
        """Return an answer that is AWS's own, changed: for what the stand-in does not keep."""

        def answer(asked: Asked) -> Reply:
            told = self.passed_on(asked)
            content = json.loads(told.body)
            change(content)
            return Reply(json.dumps(content).encode(), told.status, told.headers)

        return answer


def operation_of(asked: Asked) -> str:
    """Return what a request asks for, such as iam:ListAccessKeys."""
    target = next((value for name, value in asked.headers.items() if name.lower() == "x-amz-target"), "")
    if target:
        service, _, operation = target.partition(".")
        return f"{_TARGETS.get(service, service)}:{operation}"
    signed = re.search(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/", str(asked.headers.get("Authorization")))
    service = signed.group(1) if signed else ""
    if "/functions" in asked.path:
        return f"{service}:ListFunctions"
    return f"{service}:{parse_qs(asked.body.decode()).get('Action', [''])[0]}"


def error(code: str, status: int = 400, message: str = "") -> Callable[[Asked], Reply]:
    """Return an answer with an error, in the form that the request's service has."""

    def answer(asked: Asked) -> Reply:
        if any(name.lower() == "x-amz-target" for name in asked.headers):
            body = json.dumps({"__type": code, "message": message})
            return Reply(body.encode(), status, {"Content-Type": "application/x-amz-json-1.1"})
        if "/functions" in asked.path:
            body = json.dumps({"Message": message})
            return Reply(body.encode(), status, {"x-amzn-ErrorType": code, "Content-Type": "application/json"})
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        return Reply(body.encode(), status, {"Content-Type": "text/xml"})

    return answer


def after(good: int, then: Callable[[Asked], Reply]) -> Callable[[Asked], Reply | None]:
    """Return an answer that is AWS's own so many times, and another one from then on."""
    left = [good]

    def answer(asked: Asked) -> Reply | None:
        left[0] -= 1
        return None if left[0] >= 0 else then(asked)

    return answer
