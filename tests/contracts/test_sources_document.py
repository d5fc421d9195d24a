"""docs/sources.md says what the collectors say, and each of them says what stands behind its tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.collector import collectors

ROOT = Path(__file__).parents[2]


def test_the_document_is_what_the_collectors_say():
    """Written anew by: python tools/sources_document.py."""
    command = [sys.executable, str(ROOT / "tools" / "sources_document.py"), "--check"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("slug", collectors())
def test_a_collector_says_what_it_reads_needs_cannot_know_and_was_tested_against(slug):
    collector = collectors()[slug]

    assert collector.__doc__
    for said in (collector.least_rights, collector.tested_against, *collector.cannot_know):
        assert said
    assert all(each.endswith(".") for each in (*collector.cannot_know, collector.tested_against))
    assert f"## {collector.label}\n" in (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
