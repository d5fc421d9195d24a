"""What provider files promise to the person who has to act, and to the engine that runs their patterns."""

import random
from urllib.parse import urlsplit

import hyperscan
import pytest
import regex

from inventory.detection.example import expand
from inventory.detection.provider import CredentialKind, formats, providers

# These describe shapes of any issuer: they have no console to name, and their own rules for slugs and groups.
WITHOUT_ISSUER = {"generic", "private-keys", "jwt", "connection-strings"}
ISSUERS = [pytest.param(provider, id=slug) for slug, provider in providers().items() if slug not in WITHOUT_ISSUER]
FORMATS = [form for provider, form in formats().values() if provider.slug not in WITHOUT_ISSUER]
ATTACK_BYTES = 64 * 1024
# Far above what a linear pattern takes, far below what a quadratic one does.
ATTACK_SECONDS = 5


@pytest.mark.parametrize("provider", ISSUERS)
def test_each_text_is_whole_sentences(provider):
    for text in (provider.opens, provider.revoke, provider.rotate):
        assert len(text) >= 25
        assert text == " ".join(text.split())
        assert text.endswith(".")


@pytest.mark.parametrize("provider", ISSUERS)
def test_revoking_names_a_place_or_a_command(provider):
    steps = (" > ", "`", "POST ", "DELETE ", "https://", "/revoke", "@BotFather", "api.", " at ")

    assert any(step in provider.revoke for step in steps)


@pytest.mark.parametrize("provider", ISSUERS)
def test_documentation_is_a_public_https_page(provider):
    address = urlsplit(provider.documentation)

    assert address.scheme == "https"
    assert "." in (address.hostname or "")
    assert not address.username


def test_texts_are_not_copied_from_one_provider_to_another():
    revokes = [provider.revoke for provider in providers().values()]

    assert len(set(revokes)) == len(revokes)


def test_there_are_providers_of_every_common_sort():
    kinds = {form.kind for _provider, form in formats().values()}

    assert len(providers()) >= 50
    assert kinds == set(CredentialKind)


@pytest.mark.parametrize("provider", ISSUERS)
def test_a_provider_says_what_is_not_its_credential(provider):
    assert any(form.counter_examples for form in provider.formats)


@pytest.mark.parametrize("provider", ISSUERS)
def test_slugs_begin_with_their_provider(provider):
    for form in provider.formats:
        assert form.slug.startswith(provider.slug)


@pytest.mark.parametrize("provider", ISSUERS)
def test_an_example_is_a_template_and_no_value(engine, provider):
    for form in provider.formats:
        assert form.examples
        for template in form.examples:
            assert expand(template, random.Random(1)) != expand(template, random.Random(2))
            assert engine.scan(template.encode()) == []


@pytest.fixture(scope="module")
def database():
    """Every pattern as the first engine takes it, numbered in the order of FORMATS; one that it refuses fails here."""
    compiled = hyperscan.Database()
    patterns = [form.pattern.encode() for form in FORMATS]
    flags = [hyperscan.HS_FLAG_SINGLEMATCH] * len(patterns)
    compiled.compile(expressions=patterns, ids=list(range(len(patterns))), flags=flags)
    return compiled


@pytest.mark.parametrize("provider", ISSUERS)
def test_both_engines_take_a_pattern_and_agree_on_its_examples(database, provider):
    for form in provider.formats:
        confirming = regex.compile(form.pattern.encode(), regex.VERSION0)

        assert set(confirming.groupindex) <= {"value"}
        for template in form.examples + form.counter_examples:
            content = expand(template, random.Random(3)).encode()
            seen = set()
            database.scan(content, match_event_handler=lambda number, *_rest, seen=seen: seen.add(FORMATS[number].slug))

            assert (form.slug in seen) == bool(confirming.search(content)), form.slug


@pytest.mark.parametrize("provider", ISSUERS)
def test_the_public_prefix_is_the_start_of_a_value(provider):
    for form in provider.formats:
        values = [value_of(form, expand(template, random.Random(4)).encode())[1] for template in form.examples]

        assert any(value.startswith(form.public_prefix.encode()) for value in values), form.slug
        assert all(len(value) > len(form.public_prefix) + 4 for value in values), form.slug


@pytest.mark.parametrize("provider", ISSUERS)
def test_a_value_stops_where_the_token_stops(provider):
    """A longer run of the same letters is no such token, or is taken whole: never a part of it."""
    for form in provider.formats:
        for template in form.examples:
            content = expand(template, random.Random(5)).encode()
            end, value = value_of(form, content)
            longer = regex.search(form.pattern.encode(), content[:end] + b"A" * 400, regex.VERSION0)

            # Padding ends a token by itself, whatever follows it.
            assert longer is None or longer.end() == end + 400 or value.endswith(b"="), form.slug


def value_of(form, content):
    """Return where the value in the content ends, and the value."""
    match = regex.search(form.pattern.encode(), content, regex.VERSION0)
    group = "value" if "value" in match.re.groupindex else 0
    return match.end(group), match[group]


def attacks(form):
    """Make strings that a backtracking pattern would drown in, out of what the pattern looks for."""
    example = expand(form.examples[0], random.Random(6)).encode()
    half = example[: len(example) // 2]
    word = regex.match(rb"[\w.-]{0,24}", example)[0] or b"a"
    for piece in (example[:-1], half, word, word + b"_", word + b" = ", word + b'"', b"a", b" ", example[-1:]):
        yield (piece * (ATTACK_BYTES // len(piece) + 1))[:ATTACK_BYTES]
    yield example[:-1] + example[-1:] * ATTACK_BYTES
    yield half + b" " * ATTACK_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.slug)
def test_g33_a_pattern_stays_linear_on_hostile_text(form):
    confirming = regex.compile(form.pattern.encode(), regex.VERSION0)

    for attack in attacks(form):
        # A pattern that is not linear raises TimeoutError here.
        for _match in confirming.finditer(attack, timeout=ATTACK_SECONDS):
            pass
