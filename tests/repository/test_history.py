from __future__ import annotations

from pathlib import Path

import pytest

from inventory.collector import CollectorError
from inventory.repository.history import scan_history
from tests.repository.workbench import Repository, new_secret, secret_file


def test_the_history_of_a_repository_is_scanned_without_a_database(repository: Repository, engine_folder: Path) -> None:
    secret = new_secret()
    introduced = repository.commit({"a.txt": secret_file(secret, 2)})
    repository.commit({"a.txt": None})

    found = list(scan_history(repository.path, engine_folder))

    assert found == [
        {"path": "a.txt", "line": 3, "end_line": 3, "rule": "github-pat", "confidence": "high", "commit": introduced}
    ]


def test_a_folder_that_is_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(CollectorError, match="no git repository"):
        list(scan_history(tmp_path))
