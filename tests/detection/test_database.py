"""The compiled database is cached, and the cache is never trusted blindly."""

import logging
import os
import stat

import pytest

from inventory.detection import hyperscan_engine
from inventory.detection.hyperscan_engine import HyperscanEngine
from inventory.detection.provider import CredentialKind, Format, Provider, formats
from inventory.detection.rule import Rule, RuleError, refine_token, rule_digests
from inventory.detection.rules import as_rules


@pytest.fixture
def compilations(monkeypatch):
    """Count how often patterns are really compiled."""
    from inventory.detection import database

    seen = []
    compile_database = database.compile_database
    monkeypatch.setattr(database, "compile_database", lambda rules: seen.append(1) or compile_database(rules))
    return seen


def some_rules(pattern: str = r"acme_[a-z]{12}", slug: str = "acme") -> list[Rule]:
    form = Format(slug=slug, label="Acme", kind=CredentialKind.API_KEY, pattern=pattern, examples=("acme",))
    provider = Provider("acme", "Acme", "x", "x", "x", "https://acme.example", (form,))
    return [Rule(provider, form, refine_token, 1)]


def test_a_second_engine_compiles_nothing(tmp_path, compilations):
    first = HyperscanEngine(some_rules(), tmp_path)
    second = HyperscanEngine(some_rules(), tmp_path)

    assert compilations == [1]
    assert first.rule_set == second.rule_set
    assert [each.rule for each in second.scan(b"acme_bdfhjkmprtwz")] == ["acme"]


def test_the_cache_file_is_private_and_nothing_else_is_left(tmp_path):
    HyperscanEngine(some_rules(), tmp_path / "cache")

    (path,) = (tmp_path / "cache").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def damage(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 0xFF
    path.write_bytes(content)


def open_to_others(path):
    path.chmod(0o644)


def replace_by_link(path):
    elsewhere = path.with_name("elsewhere")
    os.rename(path, elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("spoil", [damage, open_to_others, replace_by_link, lambda path: path.write_bytes(b"")])
def test_a_cache_that_cannot_be_trusted_is_made_anew(tmp_path, compilations, spoil):
    HyperscanEngine(some_rules(), tmp_path)
    (path,) = tmp_path.iterdir()
    spoil(path)

    engine = HyperscanEngine(some_rules(), tmp_path)

    assert compilations == [1, 1]
    assert [each.rule for each in engine.scan(b"acme_bdfhjkmprtwz")] == ["acme"]
    assert not path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file where the folder should be")

    with caplog.at_level(logging.WARNING):
        engine = HyperscanEngine(some_rules(), tmp_path / "cache")

    assert [each.rule for each in engine.scan(b"acme_bdfhjkmprtwz")] == ["acme"]
    assert "cannot be cached" in caplog.text


@pytest.mark.parametrize("pattern", [r"acme(?=x)", r"(a)\1", r"acme[", r"acme{3,1}"])
def test_a_pattern_that_cannot_be_used_is_an_error_that_names_the_format(pattern):
    with pytest.raises(RuleError, match="'broken-format'"):
        HyperscanEngine(some_rules(pattern, "broken-format"), None).scan(b"acme")


def test_a_changed_pattern_changes_its_digest_and_those_it_can_silence_but_no_other():
    rules = as_rules(formats())
    before = rule_digests(rules)
    specific = next(rule for rule in rules if rule.rank == 1)
    changed = [
        rule if rule is not specific else Rule(rule.provider, some_rules(slug=rule.slug)[0].format, rule.refine, 1)
        for rule in rules
    ]

    after = rule_digests(changed)

    different = {slug for slug in before if before[slug] != after[slug]}
    assert different == {specific.slug} | {rule.slug for rule in rules if rule.rank > 1}


def test_loading_the_engine_does_not_load_django():
    import subprocess
    import sys

    code = f"import sys; import {hyperscan_engine.__name__} as e; e.load_engine; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_format_has_a_bounded_width():
    unbounded = {rule.slug for rule in as_rules(formats()) if rule.width is None}

    # What has no width is searched for in the whole content, which costs more.
    assert not unbounded, "give every repeat of these patterns an upper bound"
