"""Asks the API server of a cluster: reads only, by the one HTTP client, and never repeats what it said in an error.

Kubernetes' own Python client is not used: it has no way to ask for lists of metadata alone, opens connections of its
own, and takes 29 MB of every process that loads it. The tests hold what is asked here against it.
"""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from inventory.collector import CollectorError, ReadContext
from inventory.kube.answer import Refused
from inventory.kube.credential import Identity
from inventory.kube.metadata import table
from inventory.stores.crew import Crew
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import Cause, HTTPFailure, guarded_session, json_of, tls_context
from posture.common.secret_value import SecretValue

JSON = "application/json"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
TABLE = f"application/json;as=Table;g=meta.k8s.io;v=v1,{METADATA_LIST}"
"""What `kubectl get` shows: of a secret its type and how many entries it has, beside its metadata. Never the object."""
PAGE = 500
MOST_BYTES = 8 << 20
"""Of one answer: in memory it may take thirty times as much. Larger pages are asked for in smaller ones."""
MOST_PAGES = 20_000
_MOST_RESTARTS = 2
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


class KubeClient:
    """One cluster, one credential; may be used by several threads at once."""

    def __init__(self, url: str, identity: Identity, tls: ssl.SSLContext, context: ReadContext, at_once: int) -> None:
        self.at_once = at_once
        self.alive = context.alive
        self._reader = threading.get_ident()
        self._url = url.rstrip("/")
        headers = {"User-Agent": "secrets-posture"}
        if identity.token:
            headers["Authorization"] = f"Bearer {identity.token.reveal().decode('ascii')}"
        self._session = guarded_session(
            context.network, url, headers=headers, most_bytes=MOST_BYTES, tls=tls, alive=self._still_alive
        )
        self.requests = 0
        self.skew = timedelta(0)
        """How far the server's clock is ahead of ours."""

    @classmethod
    def of(cls, config: Mapping[str, Any], context: ReadContext) -> KubeClient:
        """Return a client.

        Raises:
            CollectorError: the credential cannot be used, with what to do.
        """
        if not context.credential:
            raise CollectorError(
                "This source has no credential. Name one that holds a bearer token of a service account, or a "
                "kubeconfig.",
                permanent=True,
            )
        try:
            credential = resolve(context.credential, context.credential_dir or Path("/nonexistent"))
        except BadReference as error:
            raise CollectorError(str(error), permanent=True) from None
        url = str(config["url"])
        identity = Identity.of(credential, url)
        with in_plain_words():
            tls = tls_context(context.network, f"{config.get('authority') or ''}\n{identity.authority}".strip())
            if identity.certificate:
                _present(tls, identity.certificate, url)
            return cls(url, identity, tls, context, int(config.get("concurrency") or 4))

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return datetime.now(UTC) + self.skew

    def get(self, path: str, *, accept: str = JSON, **params: Any) -> dict[str, Any]:
        """Return one object.

        Raises:
            Refused: it is not handed out.
            CollectorError: nobody answers, or not as Kubernetes does.
        """
        with in_plain_words():
            found = self._ask("GET", path, accept, params)
        if accept == METADATA and found.get("kind") != "PartialObjectMetadata":
            raise _not_kubernetes(accept)
        return found

    def allows(self, verb: str, group: str, resource: str, namespace: str = "", subresource: str = "") -> bool | None:
        """Ask whether the credential may do something; None where the server does not say.

        The one request that is no GET: it asks, and changes nothing.

        Raises:
            CollectorError: nobody answers, or not as Kubernetes does.
        """
        wanted = {
            "verb": verb,
            "group": group,
            "resource": resource,
            "subresource": subresource,
            "namespace": namespace,
        }
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {name: value for name, value in wanted.items() if value}},
        }
        try:
            with in_plain_words():
                allowed = table(self._ask("POST", _REVIEWS, JSON, {}, body).get("status")).get("allowed")
        except Refused:
            return None
        return allowed if isinstance(allowed, bool) else None

    def items(self, path: str, *, accept: str = JSON, page: int = PAGE) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, page by page; a helper fetches them, so that the read stays alive meanwhile.

        A list that was forgotten by the server is begun anew, so that an object may come twice.

        Raises:
            Refused: it is not handed out, or not to its end.
            CollectorError: nobody answers, or not as Kubernetes does.
        """
        source = self._pages(path, accept, page)

        def more(number: int, found: Any) -> list[int]:
            return [] if found is None else [number + 1]

        for _, found in Crew(1, self.alive).each([0], lambda _: next(source, None), more):
            if found is not None:
                yield from _items(found)

    def _pages(self, path: str, accept: str, page: int) -> Iterator[dict[str, Any]]:
        after, restarts, pages = "", 0, 0
        while True:
            params = {"limit": page} | ({"continue": after} if after else {})
            try:
                found = self._ask("GET", path, accept, params)
            except _Forgotten as forgotten:
                # The server says from where it can go on, with what it holds by now. What was there all the time is
                # seen then too.
                restarts += 1
                if restarts > _MOST_RESTARTS:
                    raise Refused(410) from None
                after = forgotten.following
                continue
            except Refused as refused:
                refused.midway = pages > 0
                raise
            except HTTPFailure as failure:
                if failure.cause is not Cause.TOO_LARGE or page == 1:
                    raise _plain(failure) from None
                page = max(1, page // 8)
                continue
            if str(found.get("kind")) not in _kinds(accept) and not (accept == JSON and _is_list(found)):
                raise _not_kubernetes(accept)
            yield found
            pages += 1
            following = table(found.get("metadata")).get("continue")
            if not isinstance(following, str) or not following:
                return
            if following == after:
                raise CollectorError("Kubernetes names the same page as the next one, over and over. Collect again.")
            if pages >= MOST_PAGES:
                raise Refused(200, f"its list has more than {MOST_PAGES} pages")
            after = following

    def _ask(
        self, method: str, path: str, accept: str, params: Mapping[str, Any], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=dict(params),
                headers={"Accept": accept},
                allow_redirects=False,
                json=None if body is None else dict(body),
            )
            self.requests += 1
            if response.ok and response.status_code not in (200, 201):
                raise _not_kubernetes(accept)
            told = json_of(response) if response.ok else None
        except HTTPFailure as failure:
            if failure.cause is Cause.TOO_LARGE:
                raise
            raise _plain(failure) from None
        self._compare_clocks(response)
        if told is None:
            raise self._failure(response)
        if not isinstance(told, dict) or not isinstance(told.get("kind"), str | None):
            raise _not_kubernetes(accept)
        return told

    def _failure(self, response: requests.Response) -> Exception:
        status = response.status_code
        if 300 <= status < 400:
            return CollectorError(
                "The API server passes requests on to another address. Give the address that it really answers at.",
                permanent=True,
            )
        if status == 401:
            return CollectorError(
                "Kubernetes does not accept the credential (401): the token has expired or was deleted, or is for "
                "another cluster. Make a new one, store it under the same name and collect again; what was read is "
                "kept.",
                permanent=True,
            )
        if status == 410:
            following = ""
            with suppress(HTTPFailure):
                following = table(table(json_of(response)).get("metadata")).get("continue") or ""
            return _Forgotten(following if isinstance(following, str) else "")
        return Refused(status)

    def _compare_clocks(self, response: requests.Response) -> None:
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(response.headers.get("Date", ""))
            skew = told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)
            # The header counts whole seconds, and the answer took its time.
            self.skew = skew if abs(skew.total_seconds()) > 5 else timedelta(0)

    def _still_alive(self) -> None:
        """Renew the lease while a busy server is waited for; only who reads may, not the workers."""
        if threading.get_ident() == self._reader:
            self.alive()


class _Forgotten(Refused):
    """A list whose next page the server no longer has (410)."""

    def __init__(self, following: str) -> None:
        super().__init__(410)
        self.following = following


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn a failure of the connection into a collector's error; its words are fit to be shown."""
    try:
        yield
    except HTTPFailure as failure:
        raise _plain(failure) from None


def segment(name: str) -> str:
    """Return a name as one segment of a path, whatever it holds."""
    return quote(name, safe="")


def _plain(failure: HTTPFailure) -> CollectorError:
    if failure.cause is Cause.TLS and "POSTURE_CA_FILE" in str(failure):
        text = f"{failure} For this source alone: give it as Certificate authority, or with the kubeconfig."
        return CollectorError(text, permanent=failure.permanent)
    return CollectorError(str(failure), permanent=failure.permanent)


def _kinds(accept: str) -> frozenset[str]:
    """Return what may come where less than the whole objects was asked for."""
    if accept == TABLE:
        return frozenset({"Table", "PartialObjectMetadataList"})
    return frozenset({"PartialObjectMetadataList"}) if accept == METADATA_LIST else frozenset()


def _is_list(found: Mapping[str, Any]) -> bool:
    return str(found.get("kind")).endswith("List") and isinstance(found.get("items", []), list | None)


def _items(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a page's objects; those of a table with their cells."""
    if found.get("kind") != "Table":
        yield from (each for each in found.get("items") or () if isinstance(each, dict))
        return
    columns = [str(table(each).get("name")).lower() for each in found.get("columnDefinitions") or ()]
    for row in found.get("rows") or ():
        whole = table(table(row).get("object"))
        if whole.get("kind") not in ("PartialObjectMetadata", None):
            raise _not_kubernetes(TABLE)
        cells = table(row).get("cells")
        shown = dict(zip(columns, cells if isinstance(cells, list) else [], strict=False))
        yield {"metadata": table(whole.get("metadata")), "cells": shown}


def _not_kubernetes(accept: str) -> CollectorError:
    if accept != JSON:
        return CollectorError(
            "What answers gives whole objects, with their values, though only metadata was asked for; nothing of it "
            "was kept. Give the address of the API server itself (Kubernetes 1.15 or later), with nothing in between "
            "that changes requests.",
            permanent=True,
        )
    return CollectorError(
        "What answers is no Kubernetes API. Check the address: it is the one that kubectl cluster-info names.",
        permanent=True,
    )


def _present(tls: ssl.SSLContext, certificate: SecretValue, url: str) -> None:
    """Have the client's certificate shown. Python reads it from a file only: this one is memory, and has no name.

    Raises:
        CollectorError: it cannot be used.
    """
    if not url.startswith("https://"):
        raise CollectorError("A client certificate is shown over https:// only. Correct the address.", permanent=True)
    if not hasattr(os, "memfd_create"):
        raise CollectorError(
            "Client certificates can be used on Linux only. Store a bearer token in place of the kubeconfig.",
            permanent=True,
        )
    descriptor = os.memfd_create("identity", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, certificate.reveal())
        # An empty password, lest OpenSSL asks for one at a terminal.
        tls.load_cert_chain(f"/proc/self/fd/{descriptor}", password="")
    except (ssl.SSLError, OSError, ValueError):
        raise CollectorError(
            "The kubeconfig's client certificate and key do not belong together, are no PEM, or the key has a "
            "password. Store one without a password.",
            permanent=True,
        ) from None
    finally:
        os.close(descriptor)


__all__ = [
    "JSON",
    "METADATA",
    "METADATA_LIST",
    "PAGE",
    "TABLE",
    "KubeClient",
    "in_plain_words",
    "segment",
]
