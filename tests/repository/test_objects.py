"""Commits, tags and trees as bytes, whatever stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.repository.objects import parse_commit, parse_person, parse_tag, tree_entries


@given(st.binary(max_size=400))
def test_no_bytes_make_the_parsers_raise(content: bytes) -> None:
    commit = parse_commit(content, 20)
    entries, junk = tree_entries(content, 20)

    assert commit.author.at.tzinfo is not None
    parse_tag(content, 20)
    assert junk >= 0
    assert sum(len(mode) + len(name) + 22 for mode, name, _ in entries) + junk == len(content)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"100644", b"40000", b"160000", b"120000"]),
            st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name),
            st.binary(min_size=20, max_size=20),
        ),
        max_size=20,
    )
)
def test_every_entry_of_a_tree_is_read(entries: list[tuple[bytes, bytes, bytes]]) -> None:
    content = b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in entries)

    assert tree_entries(content, 20) == (entries, 0)


def test_a_person_keeps_brackets_in_the_name() -> None:
    person = parse_person(b"<script> Ann <ann@example.com> 1700000000 -0330")

    assert (person.name, person.email, person.seconds, person.sound) == (
        "<script> Ann",
        "ann@example.com",
        1_700_000_000,
        True,
    )
