"""Every fault against every kind of store that keeps state in tests, from the server to the database (G44, J13, J18).

In each cell the error says what to do, what was read before it is kept, and nothing that was not looked at is gone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from inventory.collectors.aws import AWSCollector
from inventory.models import Asset, Grant, Principal, Secret, Source
from inventory.vault import client as vault_client
from posture.common.fingerprint import load_key
from tests.collectors import aws_reading, vault_reading
from tests.collectors.aws_reading import Gateway, Reading
from tests.inventory.test_store_sync import collect
from tests.services.certificates import Authority
from tests.services.fault_server import Asked, FaultServer, Reply, fault_server
from tests.services.moto import REGION, allow

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SECRETS = 12
MIDDLE = 6
"""After so many of the requests that secrets take, the fault begins."""
ODD = ["a b", "100%", "naïve/ключ", "+x,=.@-_", "%2e%2e", "<b>", "'q'", "🗝"]


@dataclass
class Stand:
    """A kind of store behind a server that can be made to misbehave."""

    kind: str
    config: dict[str, Any]
    address: str
    """The setting that holds the server's address."""
    path: str
    answer: Callable[[Asked], Any]
    is_secret: Callable[[Asked], bool]
    """Whether a request is one of those that secrets take."""
    expired: Callable[[Asked], Reply]
    refused: Callable[[Asked], Reply]
    add: Callable[[str], None]
    """Stores another secret."""
    credential: str
    env: str
    then: Callable[[Asked], Any] | None = None
    """What is answered from the middle on."""
    fault: str = ""
    asked: int = 0
    only_secrets: bool = False
    server: FaultServer = field(init=False)

    def __call__(self, asked: Asked) -> Any:
        """Answer well until the middle."""
        self.asked += self.is_secret(asked)
        if self.asked > self.middle and (self.then or self.fault):
            if self.fault:
                self.server.fault = self.fault
            elif self.then and (not self.only_secrets or self.is_secret(asked)):
                return self.then(asked)
        return self.answer(asked)

    @property
    def middle(self) -> int:
        """How many requests of secrets are answered well; a page holds several."""
        return 1 if self.kind == "generic" else MIDDLE

    def heal(self) -> None:
        """Answer well from now on."""
        self.then, self.fault, self.asked, self.server.fault = None, "", 0, ""

    def source(self) -> Source:
        """Return a new source that reads it."""
        config = self.config | {self.address: self.server.url(self.path)}
        given = {"credential": f"env:{self.env}", "placed_by_operator": True}
        return Source.objects.create(name="store", kind=self.kind, config=config, **given)


@pytest.fixture
def vault(openbao, monkeypatch):
    openbao.key_values()
    for number in range(SECRETS):
        openbao.put(f"s{number:02d}")
    monkeypatch.setattr(vault_client, "_SURE_SECONDS", 0)
    return Stand(
        "vault",
        {"namespace": openbao.namespace, "fingerprint": False, "concurrency": 1},
        *("url", ""),
        vault_reading.passed_on(openbao),
        lambda asked: "/kv/metadata/" in asked.path and "list=" not in asked.path,
        lambda asked: Reply(b'{"errors":["permission denied"]}', 403),
        lambda asked: Reply(b'{"errors":["permission denied"]}', 403),
        openbao.put,
        openbao.token,
        "POSTURE_CREDENTIAL_VAULT",
    )


@pytest.fixture
def account(aws, tmp_path, monkeypatch):
    Reading(tmp_path, monkeypatch)
    for number in range(SECRETS):
        aws.secret_of(f"s{number:02d}")
    aws.user("ann", inline=allow("secretsmanager:GetSecretValue"))
    config = AWSCollector.clean({"regions": REGION, "concurrency": 1})
    return Stand(
        "aws",
        config,
        *("endpoint", ""),
        Gateway(aws),
        lambda asked: aws_reading.operation_of(asked) == "secretsmanager:GetResourcePolicy",
        aws_reading.error("ExpiredTokenException", 400, "a text that quotes"),
        aws_reading.error("AccessDeniedException", 400, "a text that quotes"),
        aws.secret_of,
        aws.credential,
        "POSTURE_CREDENTIAL_AWS",
    )


@pytest.fixture
def file():
    paths = [f"s{number:02d}" for number in range(SECRETS)]

    def answer(asked: Asked) -> Any:
        start = int(asked.path.rpartition("/")[2])
        page: dict[str, Any] = {"secrets": [{"path": path} for path in paths[start : start + 4]]}
        return page | ({"next": f"/from/{start + 4}"} if start + 4 < len(paths) else {})

    return Stand(
        "generic",
        {"store": "safe"},
        *("url", "/from/0"),
        answer,
        lambda asked: True,
        lambda asked: Reply(b"a text that quotes", 401),
        lambda asked: Reply(b"a text that quotes", 403),
        paths.append,
        secrets.token_hex(16),
        "POSTURE_CREDENTIAL_FILE",
    )


@pytest.fixture(params=["vault", "account", "file"])
def stand(request, settings, tmp_path, monkeypatch):
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    found = request.getfixturevalue(request.param)
    monkeypatch.setenv(found.env, found.credential)
    with fault_server(found) as server:
        found.server = server
        yield found


def gone():
    return [model.objects.exclude(gone_at=None).count() for model in (Asset, Secret, Principal, Grant)]


def told(run):
    """Return all that people are told of a run."""
    reads = [f"{read.error} {read.skipped}" for read in run.reads.all()]
    return " ".join([run.error, str(run.skipped), *reads])


def stored():
    return {path.rpartition("/")[2] for path in Secret.objects.present().values_list("path", flat=True)}


ALL = {f"s{number:02d}" for number in range(SECRETS)}
CASES = {
    # What begins in the middle, and what people are told of it, by kind where it differs.
    "stops": ("half_json", {"vault": "JSON", "aws": "is no answer of its API", "generic": "no JSON"}),
    "hangs up": ("hang_up", "hung up"),
    "is busy for a day": ("busy_for_a_day", "limits how often"),
    "leads elsewhere": ("redirect_elsewhere", {"aws": "", "": "carry the credential away"}),
}


def words(given, stand):
    return given if isinstance(given, str) else given.get(stand.kind, given.get("", ""))


@pytest.mark.parametrize("case", CASES)
def test_g44_j18_a_server_that_goes_wrong_in_the_middle_leaves_what_was_read_and_takes_nothing(case, stand):
    fault, said = CASES[case]
    with fault_server() as other:
        stand.server.elsewhere = other.url("").rstrip("/")
        stand.fault = fault
        source = stand.source()

        first = collect(source)
        kept = stored() & ALL

        stand.heal()
        assert collect(source).status == "complete"
        assert stored() >= ALL
        stand.add("new")
        stand.fault = fault
        again = collect(source)

        assert other.connections == 0
    for run in (first, again):
        assert run.status in ("failed", "partial")
        assert words(said, stand) in told(run)
        assert stand.credential not in told(run)
    assert kept, "what was read before the fault is in the database"
    assert gone() == [0, 0, 0, 0]
    assert stored() >= ALL


@pytest.mark.parametrize("how", ["expired", "refused"])
def test_j13_j18_a_credential_that_ends_or_loses_a_right_in_the_middle_takes_nothing(how, stand):
    stand.then, stand.only_secrets = getattr(stand, how), how == "refused"
    source = stand.source()

    first = collect(source)
    kept = stored() & ALL

    stand.heal()
    assert collect(source).status == "complete"
    stand.add("new")
    stand.then = getattr(stand, how)
    again = collect(source)

    expired = {"vault": "expired, was revoked", "aws": "has expired", "generic": "may have expired"}
    refused = {
        "vault": "not allow",
        "aws": "does not allow secretsmanager:GetResourcePolicy",
        "generic": "right to read",
    }
    for run in (first, again):
        assert run.status in ("failed", "partial")
        assert (expired if how == "expired" else refused)[stand.kind] in told(run)
        assert "quotes" not in told(run)
        assert stand.credential not in told(run)
    assert kept
    assert gone() == [0, 0, 0, 0]
    assert stored() >= ALL


def test_g44_a_certificate_that_nobody_vouches_for_takes_nothing(stand, tmp_path):
    source = stand.source()
    assert collect(source).status == "complete"
    with fault_server(stand, authority=Authority(tmp_path)) as server:
        Source.objects.update(config=source.config | {stand.address: server.url(stand.path)})
        source.refresh_from_db()

        run = collect(source)

        assert server.asked == [], "the credential is not sent"
    assert run.status == "failed"
    assert "POSTURE_CA_FILE" in told(run)
    assert gone() == [0, 0, 0, 0]
    assert stored() >= ALL


def test_j13_a_server_that_is_busy_for_a_second_is_asked_again(stand):
    busy = [Reply(b"", 429, {"Retry-After": "1"})]
    stand.then = lambda asked: busy.pop() if busy else stand.answer(asked)

    assert collect(stand.source()).status == "complete"

    assert not busy
    assert stored() >= ALL


def test_w10_odd_names_come_through_to_the_database(stand):
    for name in ODD:
        stand.add(name)

    assert collect(stand.source()).status == "complete"

    paths = set(Secret.objects.present().values_list("path", flat=True))
    start = f"secretsmanager/{REGION}/" if stand.kind == "aws" else ""
    assert {f"{start}{name}" for name in ODD} <= paths


def test_j18_what_is_more_than_a_batch_is_kept_to_the_last_record(stand, monkeypatch):
    monkeypatch.setattr("inventory.sync.read.BATCH", 4)
    stand.fault = "half_json"
    source = stand.source()

    collect(source)
    part = stored() & ALL
    stand.heal()
    collect(source)

    assert set() < part < ALL
    assert stored() >= ALL
