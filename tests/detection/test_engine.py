"""The fast path finds exactly what running every format over the whole content finds."""

import random
import string

import pytest

from inventory.detection.example import expand
from inventory.detection.hyperscan_engine import MOST_FINDINGS, HyperscanEngine
from inventory.detection.overlap import Located, without_overlaps
from inventory.detection.provider import formats
from inventory.detection.rules import as_rules


def scan_slowly(engine: HyperscanEngine, content: bytes) -> list[tuple[str, int, int]]:
    """Run every format's expression over the full content, with the same filters."""
    located = [
        Located(start, end, rule, value or content[start:end])
        for rule in as_rules(formats())
        for match in rule.compiled.finditer(content)
        for start, end, value in rule.refine(content, match, rule.format)
    ]
    return [(each.rule.slug, each.start, each.end) for each in without_overlaps(located)]


def scan_fast(engine: HyperscanEngine, content: bytes) -> list[tuple[str, int, int]]:
    return [(each.rule, each.start, each.end) for each in engine.scan(content)]


def noise(seed: random.Random, length: int, alphabet: str = string.printable) -> bytes:
    return "".join(seed.choices(alphabet, k=length)).encode()


def mixed_corpus(seed: random.Random, *, separator: bytes, padding: int) -> bytes:
    """Every example and counter-example in random order, in random noise."""
    templates = [text for _, form in formats().values() for text in (*form.examples, *form.counter_examples)]
    seed.shuffle(templates)
    return separator.join(
        noise(seed, seed.randint(0, padding)) + separator + expand(template, seed).encode() for template in templates
    )


@pytest.mark.parametrize("number", [0, *(pytest.param(number, marks=pytest.mark.slow) for number in range(1, 6))])
@pytest.mark.parametrize("separator", [b"\n", b" ", b'"', b""], ids=["lines", "spaces", "quotes", "nothing"])
def test_g32_the_fast_path_equals_a_full_search(engine, number, separator):
    content = mixed_corpus(random.Random(number), separator=separator, padding=200)

    assert scan_fast(engine, content) == scan_slowly(engine, content)


@pytest.mark.slow
def test_g32_a_line_of_a_megabyte_hides_nothing(engine):
    seed = random.Random(7)
    content = mixed_corpus(seed, separator=b";", padding=3_000).replace(b"\n", b" ")[: 1 << 20]

    found = scan_fast(engine, content)

    assert len(found) > 20
    assert found == scan_slowly(engine, content)


def test_the_same_value_in_the_same_place_is_found_once_and_a_provider_beats_a_guess(engine):
    seed = random.Random(3)
    token = expand("ghp_<[A-Za-z0-9]{36}>", seed)

    found = engine.scan(f'token = "{token}"\n'.encode())

    assert len(found) <= 1


def test_lines_are_those_of_the_value(engine):
    seed = random.Random(5)
    block = expand(formats()["private-key"][1].examples[0], seed)

    (found,) = engine.scan(f"# one\n# two\n{block}\n# after\n".encode())

    assert (found.line, found.end_line) == (3, 3 + block.count("\n"))


def test_a_finding_does_not_show_its_value(engine):
    block = expand(formats()["private-key"][1].examples[0], random.Random(5))

    (found,) = engine.scan(block.encode())

    assert found.value.reveal() == block.encode()
    assert block[40:80] not in repr(found)


def test_g37_a_flood_of_findings_is_cut_and_said(engine):
    seed = random.Random(11)
    example = formats()["age-secret-key"][1].examples[0]
    content = "\n".join(expand(example, seed) for _ in range(MOST_FINDINGS + 200)).encode()

    result = engine.scan_fully(content)

    assert len(result.findings) == MOST_FINDINGS
    assert result.truncated == "too many findings"


def test_content_without_candidates_is_clean_and_complete(engine):
    result = engine.scan_fully(b"nothing to see here\n" * 1000)

    assert result.findings == ()
    assert result.truncated == ""
