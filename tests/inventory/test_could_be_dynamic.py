"""What could be made on request instead of being kept, as a pure function."""

import pytest

from inventory.could_be_dynamic import KINDS, Way, way_of
from inventory.store_records import SecretKind


@pytest.mark.parametrize(
    ("kind", "source", "engines", "way"),
    [
        ("database-password", "vault", {"kv 2", "database"}, Way.DATABASE_ENGINE),
        ("database-password", "vault", {"kv 2"}, Way.DATABASE_ENGINE_MISSING),
        ("database-password", "azure", set(), Way.DATABASE_LOGIN),
        ("database-password", "generic", set(), None),
        ("cloud-key", "vault", {"aws"}, Way.CLOUD_ENGINE),
        ("cloud-key", "vault", {"database"}, Way.FEDERATION),
        ("service-account-key", "google", set(), Way.FEDERATION),
        ("private-key", "vault", {"ssh"}, Way.SSH_ENGINE),
        ("private-key", "vault", {"pki"}, None),
        ("storage-key", "azure", set(), Way.FEDERATION),
        ("storage-key", "vault", {"azure"}, None),
        ("platform-token", "vault", {"database", "aws", "ssh"}, None),
        ("generic-secret", "aws", set(), None),
        ("", "vault", {"database"}, None),
    ],
)
def test_a_secret_could_be_made_by_what_its_own_source_has(kind, source, engines, way):
    assert way_of(kind, source, engines) is way


def test_no_kind_beyond_those_named_has_a_way():
    engines = {"database", "aws", "ssh", "azure", "pki", "kubernetes"}
    with_way = {kind for kind in SecretKind for source in ("vault", "aws") if way_of(kind, source, engines)}

    assert with_way == set(KINDS)


def test_every_way_says_why():
    assert len({way.reason for way in Way}) == len({way.label for way in Way}) == len(Way)
