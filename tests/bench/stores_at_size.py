"""The size test of stores: a real OpenBao with 100,000 secrets, 5,000 policies and 1,000 AppRoles.

Run by hand, on a quiet machine, with a data folder (or a database) of its own:

    POSTURE_DATA_DIR=$(mktemp -d) python -m tests.bench.stores_at_size [--secrets N --policies N --roles N]
    POSTURE_DATA_DIR=THE_SAME python -m tests.bench.stores_at_size --again   # the stages alone, on what was collected

It prints one line for each figure: the server's floor (the same requests in a bare loop), the collection with its
requests and the memory of this process (RssAnon), every stage of the pipeline, and who can read single secrets.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

from tests.services.openbao import PROGRAM
from tests.services.process import free_port, server, wait_until

TOKEN = "POSTURE_CREDENTIAL_SIZE_TEST"
TEAMS, APPS = 100, 50
JSON = {"Content-Type": "application/json"}


class Bare:
    """One connection to the server and nothing around it."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"X-Vault-Token": token, **JSON}

    def call(self, method, path, body=None):
        """Send a request and return what came back, None where nothing did."""
        self.connection.request(method, f"/v1/{path}", json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status < 300, f"{method} {path}: {answer.status} {text[:200]!r}"
        return json.loads(text) if text else None

    def keys(self, path):
        """Return the names below a path."""
        return self.call("GET", f"{path}?list=true")["data"]["keys"]


class Memory:
    """The highest anonymous memory of this process since the start or the last look."""

    def __init__(self):
        self.peak = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while True:
            self._sample()
            time.sleep(0.05)

    def _sample(self):
        lines = Path("/proc/self/status").read_text().splitlines()
        self.peak = max(self.peak, next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")))

    def look(self):
        """Return the peak in MB and begin anew."""
        self._sample()
        peak, self.peak = self.peak, 0
        return f"{peak / 1024:.0f} MB"


def fill(port, token, sizes, part, parts):
    """Make one part of the things; several processes share the work, since this side is the slower one."""
    here = threading.local()

    def call(method, path, body):
        if not hasattr(here, "bare"):
            here.bare = Bare(port, token)
        here.bare.call(method, path, body)

    def secret(i):
        path = f"kv/data/team-{i % TEAMS:03d}/app-{i // TEAMS % APPS:02d}/secret-{i:06d}"
        call("POST", path, {"data": {"password": secrets.token_hex(8)}})

    def policy(i):
        team, app = f"team-{i % TEAMS:03d}", f"app-{i // TEAMS % APPS:02d}"
        rules = {
            f"kv/data/{team}/{app}/*": ["read"],
            f"kv/metadata/{team}/*": ["list", "read"],
            f"database/creds/{team}": ["read"],
            f"kv/data/{team}/{app}/secret-{i * 20 % sizes.secrets:06d}": ["create", "update"],
        }
        if i % 50 == 0:
            rules[f"kv/data/{team}/*"] = ["read"]
        if i % 500 == 0:
            rules["kv/*"] = ["read", "list"]
        text = "\n".join(f'path "{path}" {{ capabilities = {json.dumps(able)} }}' for path, able in rules.items())
        call("PUT", f"sys/policies/acl/p-{i:04d}", {"policy": text})

    def role(i):
        policies = [f"p-{(i * 10 + k) % sizes.policies:04d}" for k in range(10)]
        call("POST", f"auth/approle/role/r-{i:04d}", {"token_policies": policies})

    with ThreadPoolExecutor(8) as pool:
        for make, number in ((secret, sizes.secrets), (policy, sizes.policies), (role, sizes.roles)):
            list(pool.map(make, range(part, number, parts)))


def floor(port, token, threads):
    """Send what a collection sends, with nothing around it; returns how many requests."""
    bare, waiting = Bare(port, token), queue.SimpleQueue()
    count = 0
    below = ["kv/metadata/"]
    while below:
        path = below.pop()
        count += 1
        for name in bare.keys(path):
            if name.endswith("/"):
                below.append(path + name)
            else:
                waiting.put(path + name)
    for name in bare.keys("sys/policies/acl"):
        waiting.put(f"sys/policies/acl/{name}")
    for name in bare.keys("auth/approle/role"):
        waiting.put(f"auth/approle/role/{name}")
    count += waiting.qsize()

    def work():
        own = Bare(port, token)
        while True:
            try:
                path = waiting.get_nowait()
            except queue.Empty:
                return
            own.call("GET", path)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return count


def timed(words, memory, work):
    """Do it, and print how long it took, by the clock and of a processor, and how much memory it had."""
    started, spent = time.monotonic(), time.process_time()
    told = work()
    seconds, spent = time.monotonic() - started, time.process_time() - spent
    print(f"{words:<42} {seconds:8.2f} s (processor {spent:7.2f} s)  peak {memory.look():>7}  {told}", flush=True)
    return told


def collect(port, threads, memory):
    """Collect the server twice: all is new, then nothing is."""
    from inventory.models import Source
    from inventory.services import finish_runs, perform_read, request_run, start_run

    config = {"url": f"http://127.0.0.1:{port}", "namespace": "", "fingerprint": False, "concurrency": threads}
    source = Source.objects.create(
        name="size test", kind="vault", config=config, credential=f"env:{TOKEN}", placed_by_operator=True
    )

    def once():
        run = request_run(source=source, trigger="command")
        start_run(run.pk)
        for read in run.reads.all():
            perform_read(read.pk)
        finish_runs()
        run.refresh_from_db()
        told = [read.counts for read in run.reads.all()]
        total = {name: sum(each.get(name, 0) for each in told) for name in ("secrets", "principals", "requests")}
        return f"{run.status} {total}"

    timed("collected, all new", memory, once)
    timed("collected again, nothing new", memory, once)


def all_due():
    """Have every stage do all of its work again."""
    from inventory.models import Asset, Secret, Source

    Asset.objects.update(owner_due=True)
    Secret.objects.update(policy_due=True)
    Source.objects.owe_readers()


def stages(memory):
    """Time every stage of the pipeline, then who can read single secrets."""
    from inventory.effective_access import readers_of
    from inventory.models import OwnershipRule, Secret
    from posture.accounts.models import Team
    from posture.pipeline import STAGES

    for i in range(TEAMS):
        team, _ = Team.objects.get_or_create(slug=f"team-{i:03d}", defaults={"name": f"Team {i}"})
        OwnershipRule.objects.get_or_create(match=f"secret:kv/team-{i:03d}/**", team=team, position=i)
    Secret.objects.update(team=None, owner_kind="", owner_reason="", limit_days=None, due_at=None, readers=None)
    all_due()
    for turn in ("first", "again, all due", "again, nothing due"):
        for stage in STAGES:
            timed(f"{stage.__name__}, {turn}", memory, stage)
        if turn == "first":
            all_due()
    numbers = list(Secret.objects.order_by("?").values_list("pk", flat=True)[:200])
    spent = []
    for number in numbers:
        row = Secret.objects.select_related("asset").get(pk=number)
        started = time.perf_counter()
        readers_of(row)
        spent.append(1000 * (time.perf_counter() - started))
    words = f"readers_of, {len(spent)} random secrets"
    print(f"{words}: median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms")
    pages(numbers)


def pages(numbers):
    """Time the page and the answer of the API that say who can read a secret, from request to last byte."""
    from django.conf import settings
    from django.test import Client

    from posture.accounts.models import User

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.API_RATE = 0
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client(headers={"Host": "localhost"})
    viewer, _ = User.objects.get_or_create(email="size@halden.example", defaults={"name": "Size", "role": "leader"})
    client.force_login(viewer)
    for words, address in (("page of a secret", "/secrets/{}/"), ("API, readers", "/api/v1/secrets/{}/readers/")):
        spent = []
        for number in numbers[:100]:
            started = time.perf_counter()
            answer = client.get(address.format(number))
            spent.append(1000 * (time.perf_counter() - started))
            assert answer.status_code == 200, answer.status_code
        print(f"{words}: median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms of {len(spent)}")


def main():
    """Fill a server, and measure."""
    parser = argparse.ArgumentParser()
    for name, number in (("secrets", 100_000), ("policies", 5_000), ("roles", 1_000), ("threads", 4)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--fill", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--again", action="store_true", help="time the stages on what was collected before")
    sizes = parser.parse_args()
    if sizes.fill:
        port, token, part, parts = sizes.fill
        fill(int(port), token, sizes, int(part), int(parts))
        return
    port, token = free_port(), secrets.token_urlsafe(12)
    os.environ[TOKEN] = token
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from posture.common.fingerprint import load_key

    call_command("migrate", verbosity=0)
    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    if sizes.again:
        stages(Memory())
        return
    command = [str(PROGRAM), "server", "-dev", f"-dev-root-token-id={token}", f"-dev-listen-address=127.0.0.1:{port}"]
    with (
        tempfile.TemporaryDirectory() as folder,
        server([*command, "-dev-no-store-token"], port, Path(folder) / "openbao.log"),
    ):
        bare = wait_until(lambda: _unsealed(port, token), 20, "OpenBao to unseal itself")
        bare.call("POST", "sys/mounts/kv", {"type": "kv", "options": {"version": "2"}})
        bare.call("POST", "sys/auth/approle", {"type": "approle"})
        time.sleep(2)
        memory = Memory()
        options = [f"--{name}={getattr(sizes, name)}" for name in ("secrets", "policies", "roles")]
        fillers = [[sys.executable, "-m", "tests.bench.stores_at_size", *options] for _ in range(2)]
        started = time.monotonic()
        running = [
            subprocess.Popen([*each, "--fill", str(port), token, str(part), "2"]) for part, each in enumerate(fillers)
        ]
        assert [each.wait() for each in running] == [0, 0]
        print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
        timed("floor: the same requests in a bare loop", memory, lambda: floor(port, token, sizes.threads))
        collect(port, sizes.threads, memory)
    stages(memory)


def _unsealed(port, token):
    try:
        bare = Bare(port, token)
        bare.call("GET", "sys/mounts")
    except (OSError, AssertionError):
        return None
    return bare


if __name__ == "__main__":
    main()
