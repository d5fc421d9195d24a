"""SECURITY G5: one package starts git, and there no value from outside reaches an option or a configuration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GIT_PACKAGE = ROOT / "inventory" / "repository"
MAKES_ITS_OWN = ROOT / "posture" / "demo"
"""The demo organisation makes repositories; it reads none that somebody else made."""
BANNED_ATTRIBUTES = {"config_writer", "submodule", "submodules", "create_submodule", "clone_from", "iter_submodules"}
BANNED_ARGUMENTS = {"allow_unsafe_protocols", "allow_unsafe_options", "multi_options", "shell"}
STARTERS = {
    "run",
    "Popen",
    "call",
    "check_call",
    "check_output",
    "system",
    "execvp",
    "spawnvp",
    "create_subprocess_exec",
}


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def product_modules() -> list[Path]:
    return [path for top in ("posture", "inventory", "training") for path in modules(ROOT / top) if top]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def starts_git(tree: ast.AST) -> bool:
    """Say whether some call that starts a program is handed git, by name or by path."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in STARTERS or not node.args:
            continue
        first = node.args[0]
        words = first.elts if isinstance(first, ast.List | ast.Tuple) else [first]
        for word in words[:1]:
            if isinstance(word, ast.Constant) and str(word.value).split(" ")[0].rpartition("/")[2] == "git":
                return True
    return False


@pytest.mark.parametrize("path", product_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_g5_only_the_git_package_imports_or_starts_git(path: Path) -> None:
    if path.is_relative_to(GIT_PACKAGE):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not {"git", "gitdb", "pygit2", "dulwich"} & set(imports(tree))
    assert path.is_relative_to(MAKES_ITS_OWN) or not starts_git(tree)


@pytest.mark.parametrize("path", list(modules(GIT_PACKAGE)), ids=lambda path: path.name)
def test_g5_inside_it_nothing_reaches_an_option_or_a_configuration(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in BANNED_ATTRIBUTES, ast.unparse(node)
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                given = ast.unparse(node)
                named = keyword.arg in BANNED_ARGUMENTS
                # A dataclass of ours made from named limits is no call of git's.
                unpacked = keyword.arg is None and ast.unparse(node.func) not in ("Limits", "cls")
                assert not named, given
                assert not unpacked, given
        if isinstance(node, ast.FunctionDef) and node.args.kwarg:
            raise AssertionError(f"{path.name}: {node.name} takes any keyword")


def test_g5_the_checks_find_what_they_look_for() -> None:
    assert starts_git(ast.parse("subprocess.run(['git', 'log'])"))
    assert starts_git(ast.parse("Popen(('/usr/bin/git', 'log'))"))
    assert starts_git(ast.parse("os.system('git log')"))
    assert set(imports(ast.parse("from git.repo import Repo\nimport gitdb"))) == {"git", "gitdb"}
