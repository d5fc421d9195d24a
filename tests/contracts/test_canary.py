"""D1: one unmistakable value goes through the whole flow, and rests nowhere."""

import base64
import json
import os
import random
import string
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
from django.db import connection

from inventory.models import Credential, Exposure, Read, Source
from posture.accounts.models import APIToken, User
from posture.accounts.services import create_api_token
from posture.pipeline import advance
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory
from tests.repositories import Repository, github_token
from tests.services.worker import database_environment

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


def disguises(value: str) -> dict[str, bytes]:
    """The value in every encoding in which it could rest unnoticed; parts too, so that no half is kept."""
    raw = value.encode()
    found = {
        "plain": raw,
        "reversed": raw[::-1],
        "hex": raw.hex().encode(),
        "UTF-16": value.encode("utf-16-le"),
        "URL": urllib.parse.quote(value, safe="").encode(),
        "JSON": json.dumps(value)[1:-1].encode(),
        "first half": raw[: len(raw) // 2],
        "second half": raw[len(raw) // 2 :],
    }
    # Base64 at each of its three alignments, without the edges that depend on the neighbours.
    for shift in range(3):
        found[f"base64 at {shift}"] = base64.b64encode(b"x" * shift + raw)[4:-4]
    return found


def assert_absent(content: bytes, values: list[str], where: str) -> None:
    """Fail when a value is in the content in any disguise; the failure does not print it."""
    lowered = content.lower()
    for number, value in enumerate(values):
        for name, disguise in disguises(value).items():
            there = disguise in content or (name == "hex" and disguise.lower() in lowered)
            assert not there, f"canary {number} is in {where}, {name}"


def random_words(length: int) -> str:
    return "".join(random.SystemRandom().choice(string.ascii_letters + string.digits) for _ in range(length))


@pytest.fixture
def canaries(tmp_path):
    """A repository with values in files, names, messages, authors, branches and CODEOWNERS."""
    in_file, in_history, in_path, in_author, in_branch, in_message, in_owners, in_url = (
        github_token() for _ in range(8)
    )
    password = random_words(24)
    repository = Repository(tmp_path / "repositories" / "service")
    repository.commit({"app/settings.env": f"A=1\nGITHUB_TOKEN={in_file}\nB=2\n"}, f"Use {in_message}")
    repository.commit({"old.env": f"GITHUB_TOKEN={in_history}\n"})
    (repository.folder / "old.env").unlink()
    repository.commit({f"keys/{in_path}.env": f"GITHUB_TOKEN={in_path}\n"})
    repository.git("config", "user.name", in_author)
    repository.commit({"author.env": f"DATABASE_URL=postgres://app:{password}@db.halden.example/app\n"})
    repository.git("commit", "-q", "--amend", "--no-edit", f"--author={in_author} <{in_author}@halden.example>")
    repository.commit({"CODEOWNERS": f"# {in_owners}\n* @halden/payments {in_owners}\n"})
    repository.git("branch", f"feature-{in_branch}")
    repository.git("tag", "-a", f"v-{in_branch}", "-m", in_message)
    repository.commit({"url.txt": f"https://user:{in_url}@git.halden.example/x.git\n"})
    broken = Repository(tmp_path / "repositories" / "broken")
    broken.commit({"a.env": f"GITHUB_TOKEN={in_file}\n"})
    for pack in (broken.folder / ".git/objects").glob("??/*"):
        pack.chmod(0o600)
        pack.write_bytes(pack.read_bytes()[:-3])
    values = [in_file, in_history, in_path, in_author, in_branch, in_message, in_owners, in_url, password]
    return tmp_path / "repositories", values


def texts(client, user: User) -> dict[str, bytes]:
    """Everything that a person receives: every route that can be read, with every object there is."""
    client.force_login(user)
    seen: dict[str, bytes] = {}
    waiting = ["/", "/teams/", "/exposures/", "/credentials/", "/assets/", "/sources/", "/unowned/", "/settings/"]
    waiting += ["/exposures/export.csv", "/credentials/export.csv", "/api/v1/", "/help/"]
    named = ("assets", "credentials", "exposures", "runs", "sources", "teams", "reads", "ownership-rules")
    stored = ("secrets", "principals", "policies", "policies/current", "exemptions")
    waiting += [f"/api/v1/{name}/" for name in (*named, *stored)]
    while waiting and len(seen) < 400:
        url = waiting.pop()
        if url in seen:
            continue
        response = client.get(url)
        seen[url] = b"".join(response) if response.streaming else response.content
        seen[url] += repr(dict(response.headers)).encode()
        text = seen[url].decode(errors="replace")
        for part in text.split('href="')[1:]:
            link = part.split('"')[0].replace("&amp;", "&")
            if link.startswith("/") and not link.startswith("/static") and link.count("=") < 3:
                waiting.append(link)
        waiting += [
            f"/{part}" for part in text.split("http://testserver/")[1:] for part in [part.split('"')[0]] if "/" in part
        ]
    return seen


def test_d1_a_value_rests_nowhere_after_the_whole_flow(canaries, tmp_path, client, capfd, settings):
    folder, values = canaries
    team = TeamFactory(slug="payments", handles=["@halden/payments"])
    source = Source.objects.create(name="canary", kind="repositories", config={"path": str(folder)})
    settings.DATA_DIR = tmp_path / "data"
    environment = os.environ | database_environment(settings.DATA_DIR) | {"POSTURE_LOG_LEVEL": "DEBUG"}
    from posture.common.fingerprint import load_key

    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    with (tmp_path / "collect.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "collect", "--source", "canary", "--json"],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        spied = spy(process)
    advance()

    found = Exposure.objects.present()
    assert found.filter(place="history").exists()
    assert Credential.objects.count() >= 4, "the canaries must have been found, or the test proves nothing"
    assert Read.objects.filter(run__source=source).count() == 2

    for name, content in spied.items():
        assert_absent(content, values, name)
    assert_absent((tmp_path / "collect.log").read_bytes(), values, "what the command printed and logged")
    for file in Path(settings.DATA_DIR).rglob("*"):
        # Mirrors are the repositories themselves, declared as secrets at rest (SECURITY D8).
        if file.is_file() and "mirrors" not in file.relative_to(settings.DATA_DIR).parts[:1]:
            assert_absent(file.read_bytes(), values, f"the data folder's {file.name}")
    assert_absent(dump(), values, "the database")

    member = MembershipFactory(team=team).user
    for user in (LeaderFactory(), EngineerFactory(), member):
        received = texts(client, user)
        assert len(received) > 15
        for url, content in received.items():
            assert_absent(content, values, url if len(url) < 40 else f"{url[:20]}…")
    token = create_api_token(user=EngineerFactory(), name="canary", scopes=[APIToken.Scope.READ], days=1)
    answer = client.get("/api/v1/exposures/", headers={"Authorization": f"Bearer {token}"})
    assert_absent(answer.content, values, "the API by token")


def spy(process: subprocess.Popen) -> dict[str, bytes]:
    """Read arguments and environments of everything that runs below a process until it ends."""
    seen: dict[str, bytes] = {}
    while process.poll() is None:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                if b"git" in command or b"inventory" in command or b"manage.py" in command:
                    seen[f"arguments of {entry.name}"] = command
                    seen[f"environment of {entry.name}"] = (entry / "environ").read_bytes()
            except OSError:
                continue
    assert process.returncode in (0, 1)
    return seen


def dump() -> bytes:
    """Return every text that the database holds."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            parts += [repr(row).encode() for row in cursor.fetchall()]
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for file in name.parent.glob(f"{name.name}*"):
            parts.append(file.read_bytes())
    return b"\n".join(parts)


def test_the_canary_would_be_noticed_in_each_disguise():
    value = github_token()

    for name, disguise in disguises(value).items():
        with pytest.raises(AssertionError, match="canary 0 is in here"):
            assert_absent(b"before " + disguise + b" after", [value], "here")
        assert disguise, name
