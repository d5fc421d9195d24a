from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from posture.accounts.models import APIToken, digest
from posture.accounts.services import NotAllowed, Refused, create_api_token, disable_person, revoke_api_token
from tests.factories import EngineerFactory, UserFactory

pytestmark = pytest.mark.django_db


class Answering(APIView):
    """A view as the API's are: reads by default, one write that names its scope."""

    write_scope = "collect"

    def get(self, request):
        return Response({"person": request.user.pk})

    post = get


class Unscoped(Answering):
    write_scope = None


def call(token, method="get", view=Answering):
    request = getattr(APIRequestFactory(), method)("/", headers={"Authorization": f"Bearer {token}"})
    return view.as_view()(request).status_code


def make(user, scopes=("read",), name="report"):
    return create_api_token(user=user, name=name, scopes=scopes, days=30)


def test_w21_a_token_is_shown_once_and_kept_as_a_hash(enter):
    person = UserFactory()
    browser = enter(person)

    answer = browser.post("/settings/tokens/", {"name": "report", "scopes": ["read"], "days": 30}).content.decode()

    row = APIToken.objects.get()
    token = answer.split('value="' + APIToken.PREFIX)[1].split('"')[0]
    assert row.digest == digest(APIToken.PREFIX + token)
    assert row.prefix == (APIToken.PREFIX + token)[:10]
    assert token not in str(row.__dict__)
    assert token not in browser.get("/settings/tokens/").content.decode()
    assert abs(row.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


@pytest.mark.parametrize("factory", [UserFactory, EngineerFactory])
def test_w21_a_token_does_what_its_scope_says_whoever_owns_it(factory):
    person = factory()
    read, collect = make(person), make(person, ["collect"], name="starter")

    assert call(read) == 200
    assert call(read, "post") == 403
    assert call(collect, "post") == 200
    assert call(collect, "get") == 403
    assert call(collect, "post", Unscoped) == 403


def test_w20_tokens_end_with_their_person_and_stay_dead(engineer):
    person = UserFactory()
    token = make(person)
    assert call(token) == 200

    disable_person(user=person, by=engineer)
    assert call(token) == 401
    type(person).objects.update(is_active=True)
    assert call(token) == 401


def test_a_revoked_or_ended_token_opens_nothing():
    person = UserFactory()
    revoked, ended = make(person), make(person, name="other")

    revoke_api_token(token=APIToken.objects.get(name="report"), by=person)
    APIToken.objects.filter(name="other").update(expires_at=timezone.now())

    assert [call(token) for token in (revoked, ended, "spt_unknown", "")] == [401, 401, 401, 401]


def test_w21_nobody_sees_or_revokes_the_tokens_of_another(enter):
    owner, other = UserFactory(), UserFactory()
    make(owner, name="quarterly-report-of-owner")
    row = APIToken.objects.get()

    assert "quarterly-report-of-owner" not in enter(other).get("/settings/tokens/").content.decode()
    assert enter(other).post(f"/settings/tokens/{row.pk}/revoke/").status_code == 404
    with pytest.raises(NotAllowed):
        revoke_api_token(token=row, by=other)
    assert APIToken.objects.usable().get() == row
    revoke_api_token(token=row, by=EngineerFactory())
    assert not APIToken.objects.usable().exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"scopes": ["admin"]}, "scopes"), ({"scopes": []}, "scopes"), ({"days": 0}, "days"), ({"days": 3650}, "days")],
)
def test_what_is_not_offered_is_refused(wrong, field):
    with pytest.raises(Refused) as refusal:
        create_api_token(**{"user": UserFactory(), "name": "report", "scopes": ["read"], "days": 30} | wrong)

    assert refusal.value.field == field
    assert not APIToken.objects.exists()


def test_a_form_sent_twice_makes_one_token(enter):
    browser = enter(UserFactory())
    form = {"name": "report", "scopes": ["read"], "days": 30}

    answers = [browser.post("/settings/tokens/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert "Revoke it first" in answers[1].content.decode()
    assert APIToken.objects.count() == 1


def test_a_token_opens_no_page():
    token = make(UserFactory())

    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/settings/").status_code == 302


def test_a_revoked_name_can_be_used_again():
    person = UserFactory()
    make(person)
    revoke_api_token(token=APIToken.objects.get(), by=person)

    assert call(make(person)) == 200
