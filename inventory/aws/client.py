"""Asks AWS by its own client, whose every request goes through the one HTTP client and to nobody but AWS.

botocore signs and parses; it connects to nothing itself, and reads no profile, variable or metadata service of this
server, so that a source has the rights of its own credential and no others.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from inventory.aws.credential import Key
from inventory.aws.failures import Refused, failure_of, refusal
from inventory.collector import CollectorError, ReadContext
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import Cause, HTTPFailure, guarded_session
from posture.common.inside import Network

# Told to debug, it writes answers down in full, values too.
logging.getLogger("botocore").setLevel(logging.INFO)
ATTEMPTS = 5
"""How often one request is sent at most, where AWS is busy or fails."""
_SECONDS, _MOST_BYTES = 60.0, 64 << 20
_HOSTS = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com|amazonaws\.com\.cn)")
_AWAY = frozenset({Cause.HOST_UNKNOWN, Cause.UNREACHABLE})
SESSION_NAME = "secrets-posture"
PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
_ALWAYS = {
    "batch_get_projects": "projects",
    "describe_key": "KeyMetadata",
    "describe_parameters": "Parameters",
    "describe_regions": "Regions",
    "list_aliases": "Aliases",
    "list_functions": "Functions",
    "list_keys": "Keys",
    "list_projects": "projects",
    "list_secret_version_ids": "Versions",
    "list_secrets": "SecretList",
}
"""What an answer has even where there is nothing: without it something else answered, and nothing is known of it."""


@dataclass
class Client:
    """One credential at AWS, or one role that it takes; may be used by several threads at once."""

    key: Key
    network: Network
    home: str
    """The region of what belongs to no region."""
    endpoint: str = ""
    at_once: int = 4
    role: str = ""
    requests: int = 0
    alive: Callable[[], None] = lambda: None
    asked: Callable[[str, str], None] = lambda service, operation: None
    """Is told of every request, for tests."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)
    _session: Any = None
    _reader: int = field(default_factory=threading.get_ident)
    _last: Any = field(default_factory=threading.local)
    """The status of each thread's last answer, for answers that botocore cannot parse."""

    @classmethod
    def of(cls, config: Mapping[str, Any], context: ReadContext, role: str = "") -> Client:
        """Return a client for a source's configuration; asks nothing yet.

        Raises:
            CollectorError: the credential cannot be used, with what to do.
        """
        if not context.credential:
            raise CollectorError(
                "This source has no credential. Name one that holds an access key; the rights of this server's own "
                "machine are not used.",
                permanent=True,
            )
        try:
            key = Key.of(resolve(context.credential, context.credential_dir or Path("/nonexistent")))
        except BadReference as error:
            raise CollectorError(str(error), permanent=True) from None
        regions = regions_of(config)
        home = regions[0] if regions else "us-east-1"
        return cls(
            key,
            context.network,
            home,
            str(config.get("endpoint") or ""),
            int(config.get("concurrency") or 4),
            role,
            alive=context.alive,
        )

    @property
    def partition(self) -> str:
        """Return the partition that the regions belong to: AWS's public one, China's or the United States' own."""
        return next((name for start, name in PARTITIONS.items() if self.home.startswith(start)), "aws")

    def call(self, service: str, operation: str, region: str = "", **given: Any) -> dict[str, Any]:
        """Send one request and return its answer; `operation` is named as botocore does.

        Raises:
            Refused: AWS does not offer it here, or not to this key.
            CollectorError: nobody answers, or the key is not accepted any more.
        """
        with self._in_plain_words(service, operation):
            answer: dict[str, Any] = getattr(self.client(service, region), operation)(**given)
            return _whole(answer, service, operation)

    def pages(self, service: str, operation: str, region: str = "", **given: Any) -> Iterator[dict[str, Any]]:
        """Yield the answers of a list, page by page.

        Raises:
            Refused: AWS does not offer it here, or not to this key.
            CollectorError: nobody answers, or the key is not accepted any more.
        """
        with self._in_plain_words(service, operation):
            client = self.client(service, region)
            if client.can_paginate(operation):
                for page in client.get_paginator(operation).paginate(**given):
                    yield _whole(page, service, operation)
                return
            # botocore knows no pages of some lists that have them.
            seen: set[str] = set()
            while True:
                page = getattr(client, operation)(**given)
                yield _whole(page, service, operation)
                token = str(page.get("NextToken") or "")
                if not token or token in seen:
                    return
                seen.add(token)
                given["NextToken"] = token

    def client(self, service: str, region: str = "") -> Any:
        """Return botocore's client for a service in a region."""
        where = region or self.home
        with self._lock:
            if (service, where) not in self._clients:
                self._clients[service, where] = self._made(service, where)
            return self._clients[service, where]

    def close(self) -> None:
        """Forget the clients with what they hold."""
        self._clients.clear()
        self._session = None

    def forget(self, region: str) -> None:
        """Let go of the clients of a region that is done."""
        with self._lock:
            for key in [key for key in self._clients if key[1] == region and region != self.home]:
                del self._clients[key]

    def _made(self, service: str, region: str, *, own: bool = False) -> Any:
        # Imported where it is used: every web worker loads the collectors, few processes collect.
        from botocore.config import Config

        config = Config(
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=self.at_once,
            ignore_configured_endpoint_urls=True,
            defaults_mode="legacy",
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            account_id_endpoint_mode="disabled",
            auth_scheme_preference="sigv4",
        )
        if self._session is None:
            self._session = _session()
        session = self._session
        credentials: dict[str, Any] = {}
        if own or not self.role:
            session = session if not self.role else _session()
            credentials = {
                "aws_access_key_id": self.key.id,
                "aws_secret_access_key": self.key.secret.reveal().decode(),
                "aws_session_token": self.key.token.reveal().decode() if self.key.token else None,
            }
        elif session._credentials is None:
            session._credentials = self._role_credentials()
        client = session.create_client(
            service, region_name=region, endpoint_url=self.endpoint or None, config=config, **credentials
        )
        self._carry(client, service)
        return client

    def _carry(self, client: Any, service: str) -> None:
        """Have the requests of a client carried by a session that goes to its endpoint and nowhere else."""
        from botocore.awsrequest import AWSResponse
        from botocore.exceptions import ConnectionClosedError

        address = str(client.meta.endpoint_url)
        parts = urlsplit(address)
        if not self.endpoint and not (parts.scheme == "https" and _HOSTS.fullmatch(parts.hostname or "")):
            raise CollectorError("A region leads to a host that is not AWS's. Correct the regions.", permanent=True)
        session = guarded_session(
            self.network, address, deadline=_SECONDS, most_bytes=_MOST_BYTES, attempts=3, alive=self._still_alive
        )

        speaks_json = "json" in str(client.meta.service_model.resolved_protocol)

        def send(request: Any, event_name: str = "", **given: Any) -> Any:
            with self._lock:
                self.requests += 1
            self.asked(service, event_name.rpartition(".")[2])
            # Prepared by hand, since what was signed must go out as it is.
            prepared = requests.Request(request.method, address).prepare()
            prepared.url, prepared.body = request.url, request.body
            prepared.headers.clear()
            prepared.headers.update({str(name): _text(value) for name, value in request.headers.items()})
            try:
                answer = session.send(prepared, allow_redirects=False)
            except HTTPFailure as failure:
                if failure.cause in (Cause.BROKEN, Cause.TIMEOUT):
                    # Its own kind, so that it is tried again: nothing is changed by asking twice.
                    raise ConnectionClosedError(endpoint_url=address, error=failure) from failure
                raise
            self._last.status = answer.status_code
            if answer.status_code < 300 and speaks_json and not _is_object(answer.content):
                # botocore would take it for an answer that holds nothing.
                raise HTTPFailure(Cause.NOT_JSON, _NO_ANSWER.format(f"{service}:{event_name.rpartition('.')[2]}"))
            return AWSResponse(request.url, answer.status_code, answer.headers, _Body(answer.content))

        client.meta.events.register("before-send", send)

    def _still_alive(self) -> None:
        """Renew the lease while AWS is busy; only who reads may, not the helpers."""
        if threading.get_ident() == self._reader:
            self.alive()

    def _role_credentials(self) -> Any:
        from botocore.credentials import RefreshableCredentials

        def assume() -> dict[str, Any]:
            try:
                with self._in_plain_words("sts", "assume_role"):
                    own = self._made("sts", self.home, own=True)
                    answer = own.assume_role(RoleArn=self.role, RoleSessionName=SESSION_NAME)
            except Refused as refused:
                raise CollectorError(
                    f"The role {self.role} cannot be taken: {refused.why}. Allow the credential sts:AssumeRole on it, "
                    "and let the role trust the credential's user.",
                    permanent=True,
                ) from None
            given = answer["Credentials"]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        return RefreshableCredentials.create_from_metadata(assume(), refresh_using=assume, method="sts-assume-role")

    @contextmanager
    def _in_plain_words(self, service: str, operation: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        what = _named(service, operation)
        try:
            yield
        except ClientError as error:
            raise failure_of(error, what) from None
        except HTTPFailure as failure:
            raise self._failed(failure, what) from None
        except BotoCoreError as error:
            if isinstance(error.__cause__, HTTPFailure):
                raise self._failed(error.__cause__, what) from None
            raise _no_answer(what) from None
        except ResponseParserError:
            # Its text quotes the answer. One without a body that can be read still has a status.
            raise refusal(what, self._last.status) if self._last.status >= 400 else _no_answer(what) from None
        except KeyError:
            # botocore looks for the operation's own element in XML, and there is another one.
            raise _no_answer(what) from None
        except RecursionError:
            raise Refused(f"the answer to {what} is nested too deeply") from None

    def _failed(self, failure: HTTPFailure, what: str) -> Exception:
        if failure.cause in _AWAY and not self.endpoint:
            # Not every service has an address in every region.
            return Refused(f"{what} cannot be reached there")
        return CollectorError(str(failure), permanent=failure.permanent)


_NO_ANSWER = "AWS answered {} with something that is no answer of its API. Check the endpoint and the regions."


def _no_answer(what: str) -> CollectorError:
    return CollectorError(_NO_ANSWER.format(what))


def _named(service: str, operation: str) -> str:
    return f"{service}:{''.join(each.capitalize() for each in operation.split('_'))}"


def _whole(answer: dict[str, Any], service: str, operation: str) -> dict[str, Any]:
    """Return an answer that has what it always has: an empty list is one, no list is none.

    Raises:
        CollectorError: it is something else.
    """
    if _ALWAYS.get(operation, "ResponseMetadata") not in answer:
        raise _no_answer(_named(service, operation))
    return answer


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


class _Body(BytesIO):
    """An answer's body, read already, as botocore takes it."""

    def stream(self, amount: int = 1 << 16, decode_content: bool | None = None) -> Iterator[bytes]:
        while piece := self.read(amount):
            yield piece


def _session() -> Any:
    """Return botocore's session without what of this server's own could take part: no variable, profile or file."""
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
    from botocore.session import Session

    settings = {
        name: (None, None, default, conversion)
        for name, (_, _, default, conversion) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    for name in ("config_file", "credentials_file"):
        settings[name] = (None, None, os.devnull, None)
    return Session(session_vars=settings)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def regions_of(config: Mapping[str, Any]) -> list[str]:
    """Return the regions that a cleaned configuration names."""
    return [each for each in re.split(r"[,\s]+", str(config.get("regions") or "")) if each]


def roles_of(config: Mapping[str, Any]) -> list[str]:
    """Return the roles that a configuration names; a role's name may hold a comma."""
    return [each for each in re.split(r"[,\s]+(?=arn:)", str(config.get("roles") or "").strip()) if each]


__all__ = ["ATTEMPTS", "PARTITIONS", "Client", "regions_of", "roles_of"]
