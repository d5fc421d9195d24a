"""`make run` on an empty database: the demo's vault runs beside the product and is collected."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import pytest

from posture.demo.vault.place import VaultPlace
from posture.demo.vault.server import answers
from tests.running.product import Product, alive
from tests.services import openbao
from tests.services.process import missing, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    if not openbao.available():
        missing("OpenBao", openbao.PACKAGE)
    one = Product(tmp_path_factory.mktemp("demo") / "data", demo=True)
    one.start_and_wait()
    yield one
    one.end()


def ask(product: Product, question: str) -> list[tuple[int, ...]]:
    with sqlite3.connect(product.folder / "posture.sqlite3", timeout=20) as database:
        return database.execute(question).fetchall()


VAULT_RUNS = "SELECT count(*) FROM inventory_run JOIN inventory_source s ON s.id = source_id WHERE s.kind = 'vault' "


def test_the_vault_is_collected_joined_stopped_and_there_again(product: Product) -> None:
    done = VAULT_RUNS + "AND status = 'complete'"
    wait_until(lambda: ask(product, done)[0][0], 300, "the vault's first collection")
    secrets = ask(product, "SELECT count(*) FROM inventory_secret WHERE gone_at IS NULL")
    overdue = ask(product, "SELECT count(*) FROM inventory_secret WHERE created_at < datetime('now', '-90 days')")
    held = ask(product, "SELECT count(DISTINCT credential_id) FROM inventory_holding")
    assert secrets[0][0] > 150
    assert overdue[0][0] > 30
    assert held[0][0] > 100

    below = product.below()
    assert any(" server -config=" in line for line in below.values())
    product.signal(signal.SIGTERM)
    seconds = product.wait(30)
    assert seconds < 10
    assert alive(below) == {}

    product.start_and_wait()
    wait_until(lambda: answers(port_of(product)), 60, "the vault to serve again")
    assert ask(product, "SELECT count(*) FROM inventory_source")[0][0] == 2
    assert ask(product, "SELECT count(*) FROM inventory_secret WHERE gone_at IS NULL") == secrets


def test_only_the_demos_own_source_may_lead_to_this_machine(product: Product) -> None:
    rows = ask(product, "SELECT config, placed_by_operator, credential FROM inventory_source WHERE kind = 'vault'")

    [(config, placed, credential)] = rows
    assert f"http://127.0.0.1:{port_of(product)}" in str(config)
    assert placed == 1
    assert credential == "file:demo-vault"
    assert "POSTURE_INTERNAL_HOSTS" not in (product.folder.parent / f"{product.folder.name}.out").read_text()


def port_of(product: Product) -> int:
    return int(Path(VaultPlace.below(product.folder / "demo").folder.with_name("vault-port.json")).read_text())
