from datetime import timedelta

import pytest

from posture.demo.growth import CHANGES, grow
from posture.demo.repositories import build
from tests.demo.conftest import NOW, SEED, Git

pytestmark = pytest.mark.slow


def test_the_demo_grows_by_two_commits_until_all_are_made(tmp_path):
    organisation = build(tmp_path, seed=SEED, now=NOW)
    git = Git(organisation.root)
    before = int(git("payments-web", "rev-list", "--count", "main"))

    rounds = [grow(organisation, seed=SEED, now=NOW + timedelta(hours=hour)) for hour in (1, 2, 3)]

    assert [len(made) for made in rounds] == [2, 2, 0]
    assert (*rounds[0], *rounds[1]) == CHANGES
    assert int(git("payments-web", "rev-list", "--count", "main")) == before + 1
    assert "os.environ" in git.at("main", "payments-web", "app/config/prod.py")
    assert "hooks.slack.com" in git.at("main", "cart-service", "deploy/alerts.yaml")
    assert git.at("main", "cart-service", "README.md")
    for change in CHANGES:
        assert git(change.repository, "fsck", "--strict") == ""
