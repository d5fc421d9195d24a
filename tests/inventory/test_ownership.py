"""Whose a path is and why: CODEOWNERS as GitHub reads it, rules, hands, and hostile files."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.codeowners import MAX_PATTERN, MAX_RULES, parse
from inventory.ownership import Match, OwnedAsset, OwnerKind, OwnershipError, OwnershipRules, owner_of, owner_of_asset
from inventory.path_pattern import Budget, TooCostlyError, compile_pattern

HANDLES = {"payments": ["@halden/payments", "pay@halden.example"], "web": ["@halden/web"], "core": ["@core"]}
RULES = OwnershipRules.of([], HANDLES)
ASSET = OwnedAsset("repository", "halden/pay-web")


def owners_of(text, path):
    line = parse(text).line_for(path)
    return line.owners if line else None


@pytest.mark.parametrize(
    ("pattern", "fits", "misses"),
    [
        ("*", ["a", "a/b/c.py"], []),
        ("*.js", ["a.js", "deep/er/b.js", "odd.js/inside.txt"], ["a.jsx", "js", "a.js.map"]),
        ("/*.js", ["a.js"], ["deep/a.js"]),
        ("/*", ["a"], ["a/b"]),
        ("/build/logs/", ["build/logs/a", "build/logs/b/c"], ["x/build/logs/a", "build/logs"]),
        ("docs/*", ["docs/start.md"], ["docs/build/fix.md", "x/docs/start.md"]),
        ("docs/*.md", ["docs/a.md"], ["docs/x/a.md"]),
        ("apps/", ["apps/a", "x/apps/b/c"], ["apps", "x/apps"]),
        ("/docs/", ["docs/a/b"], ["x/docs/a"]),
        ("/docs", ["docs", "docs/a/b"], ["docsx", "x/docs"]),
        ("/scripts/**", ["scripts/a", "scripts/a/b"], ["scripts", "x/scripts/a"]),
        ("**/logs", ["logs", "a/logs", "a/b/logs/c/d"], ["a/logsx"]),
        ("/a/**/z", ["a/z", "a/b/z", "a/b/c/z", "a/b/z/under"], ["a/b/zz", "b/a/z"]),
        ("services/pay/*", ["services/pay/main.py"], ["services/pay/deep/main.py", "services/payx/a"]),
        ("Makefile", ["Makefile", "a/Makefile"], ["makefile", "Makefile2"]),
        ("file?.txt", ["file1.txt", "a/filex.txt"], ["file.txt", "file12.txt"]),
        ("*secret*", ["my-secret.txt", "secrets/a"], ["public.txt"]),
        ("a*b*c", ["abc", "a-b-c", "abbc"], ["acb", "ab", "bc"]),
        ("a?b*", ["axb", "axbyy"], ["ab", "xaxb"]),
        ("pages/[id].tsx", ["pages/[id].tsx"], ["pages/i.tsx"]),
        (r"with\ space/a.txt", ["with space/a.txt"], ["with/a.txt"]),
        (r"\#notes", ["#notes"], ["notes"]),
        (r"star\*.txt", ["star*.txt"], ["starx.txt"]),
        ("*.tar.gz", ["a.tar.gz"], ["a.gz"]),
        ("src/*/keys/", ["src/a/keys/k.pem"], ["src/a/b/keys/k.pem", "src/a/keys"]),
    ],
)
def test_a_pattern_fits_what_github_says_it_fits(pattern, fits, misses):
    text = f"{pattern} @core\n"

    assert {path: owners_of(text, path) for path in fits} == dict.fromkeys(fits, ("@core",))
    assert {path: owners_of(text, path) for path in misses} == dict.fromkeys(misses)


def test_the_last_matching_line_decides_also_when_it_names_nobody():
    text = "* @core\n*.py @halden/web\n/apps/ @halden/payments\n/apps/free\n"

    assert owners_of(text, "README") == ("@core",)
    assert owners_of(text, "lib/a.py") == ("@halden/web",)
    assert owners_of(text, "apps/a.py") == ("@halden/payments",)
    assert owners_of(text, "apps/free/a.py") == ()


def test_a_general_line_after_a_special_one_decides():
    assert owners_of("/apps/ @halden/web\n* @core\n", "apps/a") == ("@core",)


def test_comments_blank_lines_and_windows_line_ends_are_no_rules():
    found = parse("\ufeff# a comment\r\n\r\n*.py @core @halden/web # the rest\r\n  # indented\r\n")

    assert [(line.number, line.pattern, line.owners) for line in found.lines] == [(3, "*.py", ("@core", "@halden/web"))]
    assert found.problems == []


def test_lines_are_counted_as_an_editor_counts_them():
    assert parse("#\u2028\x0c\n*.py @core\n").lines[0].number == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("!keep.py @core", "exclamation"),
        ("*.py nobody", "no @name"),
        ("*.py @core not-an-owner", "no @name"),
        (f"{'a' * (MAX_PATTERN + 1)} @core", "longer"),
        ("*.py " + "@core " * 51, "more than 50"),
        ("/ @core", "names nothing"),
    ],
)
def test_a_line_that_cannot_be_used_is_skipped_and_told(line, words):
    found = parse(f"* @core\n{line}\n")

    assert len(found.lines) == 1
    assert "Line 2" in found.problems[0]
    assert words in found.problems[0]


def test_sections_give_their_owners_to_lines_without_any():
    text = "* @core\n[Payments][2] @halden/payments\nservices/pay/\n*.tf @halden/web\n^[Optional part]\ndocs/ \n"

    assert owners_of(text, "services/pay/a") == ("@halden/payments",)
    assert owners_of(text, "a.tf") == ("@halden/web",)
    assert owners_of(text, "docs/a") == ()


def test_the_reason_quotes_the_line():
    text = "\n" * 13 + "services/pay/* @halden/payments\n"

    owner = owner_of("services/pay/main.py", parse(text), RULES, ASSET)

    assert (owner.team, owner.kind) == ("payments", OwnerKind.CODEOWNERS)
    assert owner.reason == "CODEOWNERS line 14: services/pay/* @halden/payments"


def test_handles_are_compared_without_case_and_addresses_work():
    assert owner_of("a.py", parse("*.py @Halden/Payments"), RULES, ASSET).team == "payments"
    assert owner_of("a.py", parse("*.py PAY@halden.example"), RULES, ASSET).team == "payments"


def test_the_first_owner_of_a_line_that_is_a_known_team_is_taken():
    assert owner_of("a.py", parse("*.py @somebody @halden/web @core"), RULES, ASSET).team == "web"


ORDER = OwnershipRules.of([("path:services/pay/**", "by-path"), ("repository:pay-*", "by-name")], HANDLES)
OWNED = OwnedAsset("repository", "halden/pay-web", "its-team", "Rule repository:pay-*")


@pytest.mark.parametrize(
    ("by_hand", "codeowners", "rules", "asset", "path", "expected"),
    [
        ("hand", "* @core", ORDER, OWNED, "services/pay/a", ("hand", OwnerKind.HAND)),
        (None, "services/ @core", ORDER, OWNED, "services/pay/a", ("core", OwnerKind.CODEOWNERS)),
        (None, "* @core", ORDER, OWNED, "services/pay/a", ("by-path", OwnerKind.RULE)),
        (None, "* @core", ORDER, OWNED, "other/a", ("by-name", OwnerKind.RULE)),
        (None, "* @core", RULES, OWNED, "other/a", ("core", OwnerKind.CODEOWNERS)),
        (None, "", ORDER, OWNED, "services/pay/a", ("by-path", OwnerKind.RULE)),
        (None, "", ORDER, OWNED, "other/a", ("by-name", OwnerKind.RULE)),
        (None, "", RULES, OWNED, "other/a", ("its-team", OwnerKind.ASSET)),
        (None, "", RULES, ASSET, "other/a", (None, OwnerKind.NOBODY)),
    ],
)
def test_precedence_is_hand_line_rule_asset_nobody(by_hand, codeowners, rules, asset, path, expected):
    owner = owner_of(path, parse(codeowners), rules, asset, by_hand=by_hand)

    assert (owner.team, owner.kind) == expected
    assert owner.reason


def test_an_asset_given_by_hand_keeps_its_team_against_lines_and_rules_about_the_whole():
    asset = OwnedAsset("repository", "halden/pay-web", "chosen", "Assigned by hand", by_hand=True)
    codeowners = parse("* @core\n/web/ @halden/web\n")

    assert owner_of("a.py", codeowners, ORDER, asset).team == "chosen"
    assert owner_of("web/a.py", codeowners, ORDER, asset).team == "web"


def test_of_the_organisations_rules_the_first_match_wins():
    rules = OwnershipRules.of([("path:a/b/", "first"), ("path:a/", "second")], {})

    assert owner_of("a/b/c", None, rules, ASSET).team == "first"
    assert owner_of("a/c", None, rules, ASSET).team == "second"


@pytest.mark.parametrize(
    ("match", "kind", "name", "fits"),
    [
        ("repository:pay-*", "repository", "pay-web", True),
        ("repository:pay-*", "repository", "halden/pay-web", True),
        ("repository:pay-*", "repository", "pay-web/other", False),
        ("repository:halden/*", "repository", "halden/pay-web", True),
        ("repository:halden/*", "repository", "halden/deep/pay-web", False),
        ("repository:halden/**", "repository", "halden/deep/pay-web", True),
        ("repository:pay-*", "vault", "pay-web", False),
        ("path:pay-*", "path", "pay-web", False),
    ],
)
def test_a_name_rule_fits_assets_of_its_kind(match, kind, name, fits):
    assert Match.parse(match).fits_asset(kind, name) is fits


@pytest.mark.parametrize("match", ["", "pay-*", "repository:", "path:/", "Repository:x", "path: ", "x" * 600])
def test_a_rule_that_cannot_be_read_says_what_to_write(match):
    with pytest.raises(OwnershipError, match='"repository:pay-\\*"'):
        Match.parse(match)


def test_an_assets_own_team_comes_from_hand_the_line_for_everything_or_a_name_rule():
    codeowners = parse("* @core\n/web/ @halden/web\n")

    assert owner_of_asset("repository", "pay-web", codeowners, ORDER, by_hand="hand").team == "hand"
    assert owner_of_asset("repository", "pay-web", codeowners, ORDER).team == "by-name"
    assert owner_of_asset("repository", "other", codeowners, ORDER).team == "core"
    assert owner_of_asset("repository", "pay-web", parse("/web/ @halden/web"), ORDER).team == "by-name"
    assert owner_of_asset("repository", "other", None, ORDER).kind is OwnerKind.NOBODY


NAMED = OwnershipRules.of(
    [("repository:pay-*", "payments")],
    {**HANDLES, "payments": ["@halden/payments"]},
    names={"payments": "Payments"},
    parents={"payments": "money", "core": None, "money": None, "pay-web": "payments"},
)


@pytest.mark.parametrize("everything", ["*", "**", "/**", "**/*", "/**/*"])
def test_g27_a_line_for_everything_takes_nothing_from_the_team_of_a_rule_and_is_told(everything):
    codeowners = parse(f"{everything} @core")
    told = "CODEOWNERS says @core for everything, but rule repository:pay-* gives it to Payments"

    asset = owner_of_asset("repository", "pay-web", codeowners, NAMED)
    path = owner_of("a.py", codeowners, NAMED, OwnedAsset("repository", "pay-web", "payments", asset.reason))

    for owner in (asset, path):
        assert (owner.team, owner.kind, owner.reason) == ("payments", OwnerKind.RULE, told)


def test_a_line_for_everything_that_says_the_same_as_the_rule_is_not_worth_a_word():
    owner = owner_of_asset("repository", "pay-web", parse("* @halden/payments"), NAMED)

    assert (owner.team, owner.reason) == ("payments", "Rule repository:pay-*")


def test_g27_a_line_for_everything_takes_nothing_from_the_team_that_a_person_gave_it_to_and_is_told():
    asset = OwnedAsset("repository", "halden/pay-web", "chosen", "Assigned by Ingrid", by_hand=True)

    owner = owner_of("a.py", parse("* @core"), NAMED, asset)

    assert owner.team == "chosen"
    assert "CODEOWNERS says @core for everything, but a person gave the repository to its team" in owner.reason


@pytest.mark.parametrize(
    ("team", "given_away"),
    [("core", True), ("payments", False), ("money", False), ("pay-web", False)],
)
def test_g27_a_line_for_a_path_that_gives_it_to_a_strange_team_is_followed_and_told(team, given_away):
    asset = OwnedAsset("repository", "pay-web", "payments", "Rule repository:pay-*")
    rules = OwnershipRules(NAMED.rules, {"@team": team}, NAMED.names, NAMED.parents)

    owner = owner_of("keys/a.pem", parse("/keys/ @team"), rules, asset)

    assert (owner.team, owner.kind) == (team, OwnerKind.CODEOWNERS)
    assert ("given away by CODEOWNERS" in owner.reason) is given_away
    assert "Payments" not in owner.reason


def test_g27_a_line_that_leads_to_no_team_does_not_make_a_finding_nobodys():
    for text, words in (
        ("secrets/", "names nobody"),
        ("secrets/ @stranger", "no team we know: @stranger"),
        ("* @core\nsecrets/ @stranger", "no team we know"),
    ):
        owner = owner_of("secrets/key.pem", parse(text), RULES, OWNED)

        assert (owner.team, owner.kind) == ("its-team", OwnerKind.ASSET)
        assert words in owner.reason


def test_g27_a_handle_that_two_teams_claim_decides_for_neither():
    rules = OwnershipRules.of([], {"red": ["@shared"], "blue": ["@Shared"]})

    owner = owner_of("a", parse("* @shared"), rules, OWNED)

    assert owner.team == "its-team"
    assert "several teams" in owner.reason


def test_g27_a_reason_is_short_and_holds_no_characters_that_lie():
    owner = owner_of("a.py", parse("*\u202e\x07.py @core\n* @core " + " ".join(["@" + "x" * 300] * 5)), RULES, ASSET)

    assert owner.team == "core"
    assert len(owner.reason) <= 400
    assert owner.reason.isprintable()


@pytest.mark.slow
def test_g27_a_hundred_thousand_lines_are_read_and_asked_in_bounded_time():
    lines = [f"/service-{number}/ @team-{number}" for number in range(MAX_RULES - 1)] + ["*.py @core"]
    started = time.process_time()

    found = parse("\n".join(lines))
    assert len(found.lines) == MAX_RULES
    assert found.line_for("service-54321/deep/a.txt").owners == ("@team-54321",)
    assert found.line_for("service-54321/deep/a.py").owners == ("@core",)

    assert time.process_time() - started < 30

    one_more = parse("\n".join([*lines, "x @core"]))
    assert one_more.lines == []
    assert "not used" in one_more.problems[0]


def test_g27_a_file_beyond_githubs_size_counts_as_absent_and_says_so():
    found = parse("#" * 3_000_001)

    assert found.lines == []
    assert "3 MB" in found.problems[0]


def test_g27_lines_that_are_too_costly_leave_the_decision_to_the_asset_and_say_so():
    codeowners = parse("\n".join(f"*a{number}*b*c*d @core" for number in range(60_000)))
    started = time.process_time()

    owner = owner_of("a/b/c/d/e/f/g", codeowners, RULES, OWNED)

    assert owner.team == "its-team"
    assert "too costly" in owner.reason
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 400 + "b", "a" * 4_000),
        ("?" * 300 + "*" + "a?" * 300 + "*b", "a" * 16_000),
        ("**/a/" * 150 + "b", "a/" * 4_000 + "c"),
        ("a*" * 300, "a" * 250 + "/" + "a" * 250),
        ("**/*a*a*a*a*a*b", "/".join(["a" * 200] * 50)),
    ],
)
def test_g33_no_pattern_takes_more_than_its_budget(pattern, path):
    started = time.process_time()

    with contextlib.suppress(TooCostlyError):
        compile_pattern(pattern).matches(path.split("/"), Budget(50_000))

    assert time.process_time() - started < 5


_SEGMENT = st.text("ab*?.", min_size=1, max_size=4)
_PATH = st.lists(st.text("ab.", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)
_PATTERN = st.builds(
    lambda lead, segments, trail: lead + "/".join(segments) + trail,
    st.sampled_from(["", "/"]),
    st.lists(st.one_of(_SEGMENT, st.just("**")), min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(patterns=st.lists(_PATTERN, min_size=1, max_size=12), path=_PATH)
def test_the_index_gives_what_asking_every_line_gives(patterns, path):
    found = parse("\n".join(f"{pattern} @owner{number}" for number, pattern in enumerate(patterns)))

    fitting = [line for line in found.lines if compile_pattern(line.pattern).matches(path.split("/"), Budget(10**6))]

    assert found.line_for(path) == (fitting[-1] if fitting else None)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=st.text(max_size=200), path=st.text(min_size=1, max_size=50))
def test_no_text_whatsoever_raises(text, path):
    owner = owner_of(path, parse(text), RULES, OWNED)

    assert owner.reason
