"""Advice that holds commands shows them as code, and nothing in a text becomes markup."""

import re

import pytest
from django.template import Context, Template
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from inventory.detection.provider import providers
from inventory.templatetags.inventory_display import marked
from posture.accounts.opaque import opaque_id
from tests.factories import CredentialFactory, ExposureFactory, LeaderFactory


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Run `gh out`, then `gh in`.", "Run <code>gh out</code>, then <code>gh in</code>."),
        ("`a`", "<code>a</code>"),
        ("one ` alone", "one ` alone"),
        ("empty `` stays", "empty `` stays"),
        ("DROP ROLE <name>", "DROP ROLE &lt;name&gt;"),
        ("{0} and {} are no places", "{0} and {} are no places"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_stands_between_backticks_is_set_as_code(text, html):
    assert marked(text) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "`<img src=x onerror=alert(1)>`",
        "`</code><script>alert(1)</script>`",
        "`a` <b>\"'& `b",
        "`{}`<svg/onload=alert(1)>",
    ],
)
def test_w8_no_text_becomes_markup_inside_or_outside_of_code(hostile):
    rendered = Template("{% load inventory_display %}{{ text|marked }}").render(Context({"text": hostile}))

    assert re.sub(r"</?code>", "", rendered).count("<") == 0
    assert rendered.count("<code>") == rendered.count("</code>")


@given(st.text(alphabet="`<>&\"'{}ab"))
def test_w8_only_code_is_ever_markup(text):
    html = marked(text)

    assert set(re.findall(r"<[^>]*>", html)) <= {"<code>", "</code>"}
    assert re.fullmatch(r"(?:[^<>]|<code>[^<>]+</code>)*", html)


def test_every_advice_closes_its_backticks():
    for provider in providers().values():
        for text in (provider.opens, provider.revoke, provider.rotate):
            assert "`" not in marked(text), provider.slug


@pytest.mark.django_db
def test_the_page_of_a_credential_shows_commands_as_code(client):
    issuer = next(each for each in providers().values() if "`" in each.revoke)
    credential = CredentialFactory(provider=issuer.slug, kind=issuer.formats[0].kind, rule=issuer.formats[0].slug)
    ExposureFactory(credential=credential)
    viewer = LeaderFactory()
    client.force_login(viewer)

    page = client.get(
        reverse("inventory:credential", args=[opaque_id(viewer, "credential", credential.pk)])
    ).content.decode()

    assert marked(issuer.revoke) in page
    assert "`" not in page
