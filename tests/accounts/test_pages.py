from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.forms.models import model_to_dict
from django.test import Client

from posture.accounts import services
from posture.accounts.models import APIToken, Membership, Team, User
from tests.accounts.hostile import PAYLOADS
from tests.factories import EngineerFactory, MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

OUTSIDERS = ["developer", "lead", "leader"]


class Elements(HTMLParser):
    """Notes every tag, attribute and piece of text, as a browser would read them."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def pages(team, engineer, lead, developer):
    """Every page of these settings, as its fullest viewer sees it."""
    services.create_api_token(user=engineer, name="report", scopes=["read"], days=30)
    return [
        "/settings/",
        "/settings/tokens/",
        "/settings/people/",
        "/settings/people/invite/",
        f"/settings/people/{developer.pk}/",
        "/settings/teams/",
        f"/settings/teams/{team.slug}/",
    ]


def structure(browser, page):
    elements = Elements(browser.get(page).content.decode())
    return elements.tags, elements.attributes


@pytest.mark.slow
def test_w8_names_are_text_and_never_markup(pages, enter, engineer, lead, developer, team):
    # Neither a name is more than text, nor does it change what the page is made of.
    browser = enter(engineer)
    APIToken.objects.update(name="x")
    harmless = {page: structure(browser, page) for page in pages}
    assert len(PAYLOADS) >= 40

    for payload in PAYLOADS:
        User.objects.filter(pk__in=[engineer.pk, lead.pk, developer.pk]).update(name=payload)
        Team.objects.update(name=payload, handles=[])
        APIToken.objects.update(name=payload)
        for page in pages:
            assert structure(browser, page) == harmless[page], (page, payload)


def test_w8_what_is_typed_comes_back_as_text(enter, engineer):
    browser = enter(engineer)
    plain = browser.post("/settings/teams/", {"name": "", "handles": "plain"}).content.decode()
    nobody = browser.get("/settings/people/", {"q": "plain"}).content.decode()

    for payload in PAYLOADS:
        page = browser.post("/settings/teams/", {"name": "", "handles": payload}).content.decode()
        assert Elements(page).tags == Elements(plain).tags
        found = browser.get("/settings/people/", {"q": payload}).content.decode()
        assert Elements(found).tags == Elements(nobody).tags
        assert Elements(found).attributes == Elements(nobody).attributes


@pytest.mark.parametrize("name", ["Mira\u202eKos", "Mira\x1b[31m", "Mira\u200bKos", "\u2066Mira", "   ", ""])
def test_a_name_has_nothing_invisible(enter, name):
    person = UserFactory(name="Mira")

    response = enter(person).post("/settings/", {"name": name})

    assert response.status_code == 400
    assert 'id="id_name_error"' in response.content.decode()
    person.refresh_from_db()
    assert person.name == "Mira"


def test_a_name_is_tidied_and_saved(enter):
    person = UserFactory()

    response = enter(person).post("/settings/", {"name": "  Mira \t Kos\u200d "}, follow=True)

    person.refresh_from_db()
    assert person.name == "Mira Kos\u200d"
    assert "Your name is saved." in response.content.decode()


def test_every_page_stays_within_its_query_budget_whatever_the_number_of_rows(
    pages, enter, engineer, team, django_assert_max_num_queries
):
    for _ in range(30):
        MembershipFactory(team=team)
        TeamFactory(parent=team)
    browser = enter(engineer)
    browser.get("/settings/")
    for page in pages:
        cache.clear()
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200


def test_a_lead_sees_the_people_of_their_teams_and_nothing_of_other_teams(enter, lead, developer, team, other_team):
    MembershipFactory(team=other_team, user=developer)
    stranger = MembershipFactory(team=other_team, user__name="Sam Stranger").user
    browser = enter(lead)

    page = browser.get("/settings/people/").content.decode()

    assert developer.email in page
    for hidden in ("Sam Stranger", stranger.email, "Rivals"):
        assert hidden not in page
    assert "Sam Stranger" not in browser.get("/settings/people/", {"q": "Sam"}).content.decode().split("</form>")[-1]
    assert "Rivals" not in browser.get("/settings/teams/").content.decode()


def test_w6_a_lead_learns_nothing_of_the_team_above(enter, team):
    above = TeamFactory(name="Crown Jewels", handles=["@halden/crown"])
    team.parent = above
    team.save()
    browser = enter(MembershipFactory(team=team, role="lead").user)

    for page in ("/settings/teams/", "/settings/teams/payments/", "/settings/people/", "/settings/"):
        assert "Crown Jewels" not in browser.get(page).content.decode()


def test_search_finds_by_name_and_e_mail(enter, engineer):
    UserFactory(name="Mira Kos", email="mk@halden.example")
    UserFactory(name="Tomas Ek", email="te@halden.example")
    browser = enter(engineer)

    def found(words):
        page = browser.get("/settings/people/", {"q": words}).content.decode()
        return [name for name in ("Mira Kos", "Tomas Ek") if name in page]

    assert [found("mira"), found("te@"), found("halden.example"), found("nobody")] == [
        ["Mira Kos"],
        ["Tomas Ek"],
        ["Mira Kos", "Tomas Ek"],
        [],
    ]
    assert "Nobody is called that" in browser.get("/settings/people/", {"q": "nobody"}).content.decode()


def test_w7_odd_queries_are_only_words_to_look_for(enter, engineer):
    browser = enter(engineer)

    for query in (
        {"q": "\x00"},
        {"q": "%"},
        {"page": "x"},
        {"page": "-1"},
        {"password__startswith": "!"},
        {"q": "a" * 5000},
    ):
        assert browser.get("/settings/people/", query).status_code == 200


def test_people_are_shown_in_pages(enter, engineer):
    for _ in range(60):
        UserFactory(name="Crew")
    browser = enter(engineer)

    first = browser.get("/settings/people/", {"q": "crew"}).content.decode()

    assert "of 60 people" in first
    assert "q=crew&amp;page=2" in first
    assert "51 to 60" in browser.get("/settings/people/?q=crew&page=2").content.decode()


def test_an_engineer_invites_and_hands_over_a_link_that_is_shown_once(enter, engineer, team):
    browser = enter(engineer)
    form = {"email": "new@halden.example", "name": "New One", "role": "member", "team": team.pk, "team_role": "lead"}

    page = browser.post("/settings/people/invite/", form).content.decode()

    person = User.objects.get(email="new@halden.example")
    assert "/sign-in/" in page
    assert "7 days" in page
    assert person.memberships.get().role == "lead"
    assert "/sign-in/" not in browser.get(f"/settings/people/{person.pk}/").content.decode()


def test_an_engineer_makes_a_new_link_for_somebody(enter, engineer, developer, settings):
    page = enter(engineer).post(f"/settings/people/{developer.pk}/link/").content.decode()

    link = page.split(f'value="{settings.ORIGIN}')[1].split('"')[0]
    assert Client().post(link).status_code == 302


def test_a_disabled_person_gets_no_link_and_the_page_says_why(enter, engineer):
    person = UserFactory(is_active=False)

    page = enter(engineer).post(f"/settings/people/{person.pk}/link/", follow=True).content.decode()

    assert "is disabled" in page
    assert not person.sign_in_links.exists()


def test_people_are_disabled_and_enabled_from_their_page(enter, engineer, developer):
    browser = enter(engineer)

    browser.post(f"/settings/people/{developer.pk}/disable/")
    developer.refresh_from_db()
    assert not developer.is_active
    browser.post(f"/settings/people/{developer.pk}/enable/")
    developer.refresh_from_db()
    assert developer.is_active


def test_a_refusal_is_told_on_the_page(enter, engineer):
    EngineerFactory()
    browser = enter(engineer)

    role = browser.post(f"/settings/people/{engineer.pk}/", {"role": "leader"})
    out = browser.post(f"/settings/people/{engineer.pk}/disable/", follow=True)

    assert role.status_code == 400
    assert "Nobody disables themselves" in out.content.decode()


def test_a_lead_adds_a_developer_and_takes_them_out(enter, lead, team):
    person, browser = UserFactory(), enter(lead)

    browser.post("/settings/teams/payments/members/", {"email": person.email, "role": "developer"})
    member = team.memberships.get(user=person)
    browser.post(f"/settings/teams/payments/members/{member.pk}/remove/")

    assert not team.memberships.filter(user=person).exists()


def test_an_engineer_makes_a_team_moves_it_and_makes_a_lead(enter, engineer, developer, team):
    browser = enter(engineer)

    browser.post(
        "/settings/teams/", {"name": "Cards", "parent": team.pk, "handles": "@halden/cards, cards@halden.example"}
    )
    browser.post("/settings/teams/cards/", {"name": "Card desk", "parent": "", "handles": "@halden/cards"})
    member = developer.memberships.get()
    browser.post(f"/settings/teams/payments/members/{member.pk}/", {"role": "lead"})

    made = Team.objects.get(slug="cards")
    assert (made.name, made.parent, made.handles) == ("Card desk", None, ["@halden/cards"])
    assert developer.memberships.get().role == "lead"


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_w4_no_form_field_raises_anybody(request, enter, actor, team):
    person = request.getfixturevalue(actor)
    browser = enter(person)
    before = model_to_dict(User.objects.get(pk=person.pk), exclude=["password", "session_generation"])
    memberships = list(person.memberships.values())
    everything = {field.name: "1" for field in User._meta.get_fields() if field.concrete} | {
        "role": "engineer",
        "is_superuser": "1",
        "is_staff": "1",
        "team": team.pk,
        "team_role": "lead",
        "teams": team.pk,
        "memberships": team.pk,
        "email": person.email,
        "name": person.name,
        "new": "three quiet rivers 7",
        "scopes": ["read", "collect", "admin"],
        "days": "7",
    }

    for path in (
        "/settings/",
        "/settings/tokens/",
        f"/settings/people/{person.pk}/",
        "/settings/people/invite/",
        "/settings/teams/",
        "/settings/teams/payments/",
        "/settings/teams/payments/members/",
    ):
        for method in ("post", "put", "patch"):
            getattr(browser, method)(path, everything) if method == "post" else getattr(browser, method)(
                path, everything, content_type="application/json"
            )

    after = model_to_dict(User.objects.get(pk=person.pk), exclude=["password", "session_generation"])
    assert after == before
    assert list(person.memberships.values()) == memberships
    assert all(set(token.scopes) <= {"read", "collect"} for token in APIToken.objects.all())


def test_w2_a_parent_that_one_cannot_see_is_no_choice(enter, lead, team, other_team):
    response = enter(lead).post("/settings/teams/payments/", {"name": "Mine", "parent": other_team.pk, "handles": ""})

    team.refresh_from_db()
    assert response.status_code == 400
    assert (team.name, team.parent) == ("Payments", None)
    assert "Rivals" not in response.content.decode()


@pytest.mark.parametrize("parent", ["0", "999999", "x", "-1", "1 OR 1=1"])
def test_w2_a_parent_that_does_not_exist_changes_nothing(enter, engineer, team, parent):
    response = enter(engineer).post("/settings/teams/payments/", {"name": "New", "parent": parent, "handles": ""})

    team.refresh_from_db()
    assert (response.status_code, team.name) == (400, "Payments")


def test_w2_w3_a_membership_of_another_team_is_not_reached_through_ones_own(enter, lead, team, other_team):
    foreign = MembershipFactory(team=other_team)
    browser = enter(lead)

    answers = [
        browser.post(f"/settings/teams/payments/members/{foreign.pk}/", {"role": "lead"}).status_code,
        browser.post(f"/settings/teams/payments/members/{foreign.pk}/remove/").status_code,
        browser.post(f"/settings/teams/rivals/members/{foreign.pk}/remove/").status_code,
        browser.post("/settings/teams/rivals/members/", {"email": lead.email, "role": "developer"}).status_code,
    ]

    assert answers == [404] * 4
    assert Membership.objects.get(pk=foreign.pk).role == "developer"
    assert not lead.memberships.filter(team=other_team).exists()


def test_w3_a_lead_cannot_move_their_team(enter, lead, team, other_team):
    child = TeamFactory(parent=team, slug="child")

    response = enter(lead).post("/settings/teams/child/", {"name": "Child", "parent": "", "handles": ""})

    child.refresh_from_db()
    assert response.status_code == 403
    assert child.parent == team


def test_empty_pages_say_what_to_do_next(enter, engineer, team):
    browser = enter(engineer)

    assert "Make one for each script" in browser.get("/settings/tokens/").content.decode()
    assert "Nobody is in this team yet" in browser.get("/settings/teams/payments/").content.decode()
    assert "You are in no team yet" in enter(UserFactory()).get("/settings/").content.decode()
    Team.objects.all().delete()
    assert "No teams yet" in browser.get("/settings/teams/").content.decode()
