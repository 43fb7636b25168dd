"""The devices that one is signed in on: listing and ending them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tests.factories import UserFactory
from accounts.tokens import issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

PATH = "/api/v1/auth/sessions/"
ME = "/api/v1/users/me/"
REFRESH = "/api/v1/auth/refresh/"


@pytest.fixture
def phone(user):
    """Another device of the user's."""
    return start_session(user=user, device="전화기", address="203.0.113.7")


def bearer(session):
    return {"HTTP_AUTHORIZATION": f"Bearer {issue(session).access}"}


def listed(client):
    return client.get(PATH).json()["results"]


def test_the_newest_stands_first_and_says_which_it_is(api, user, phone):
    rows = listed(api)
    assert [row["device"] for row in rows] == ["전화기", ""]
    assert [row["is_current"] for row in rows] == [False, True]
    assert set(rows[0]) == {"id", "device", "address", "is_current", "last_used_at", "created_at"}
    assert rows[0]["id"] == str(phone.pk)
    assert rows[0]["address"] == "203.0.113.7"


def test_the_ids_of_tokens_are_in_no_answer(api, phone):
    text = api.get(PATH).content.decode()
    for session in Session.objects.all():
        assert session.jti not in text


def test_each_sees_their_own(api, phone):
    start_session(user=UserFactory(), device="남의 전화기")
    assert len(listed(api)) == 2


def test_what_has_ended_or_expired_is_left_out(api, user, phone):
    expired = start_session(user=user, device="낡은 전화기")
    Session.objects.filter(pk=expired.pk).update(rotated_at=timezone.now() - timedelta(days=30, seconds=1))
    Session.objects.filter(pk=phone.pk).update(revoked_at=timezone.now())
    assert [row["is_current"] for row in listed(api)] == [True]
    for gone in (expired, phone):
        assert api.delete(f"{PATH}{gone.pk}/").status_code == 404


def test_a_page_has_each_once_though_they_began_at_one_moment(api, user):
    for _time in range(4):
        start_session(user=user)
    Session.objects.update(created_at=timezone.now())
    seen, url = [], f"{PATH}?page_size=2"
    while url:
        page = api.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert sorted(seen) == sorted(str(session.pk) for session in Session.objects.all())


def test_one_and_thirty_cost_the_same(api, user, count_queries):
    one = count_queries(lambda: api.get(PATH))
    for _time in range(29):
        start_session(user=user)
    assert count_queries(lambda: api.get(PATH)) == one


def test_ending_one_is_immediate(api, phone, anonymous):
    assert anonymous.get(ME, **bearer(phone)).status_code == 200
    answer = api.delete(f"{PATH}{phone.pk}/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert codes(anonymous.get(ME, **bearer(phone))) == {(None, "session_ended")}
    assert codes(anonymous.post(REFRESH, {"refresh": issue(phone).refresh})) == {(None, "session_ended")}
    phone.refresh_from_db()
    assert phone.revoked_reason == "ended"
    assert api.get(ME).status_code == 200


def test_one_can_end_the_device_at_hand(api):
    (row,) = listed(api)
    assert api.delete(f"{PATH}{row['id']}/").status_code == 204
    assert codes(api.get(ME)) == {(None, "session_ended")}


def test_another_ones_and_none_are_the_same_404(api):
    other = start_session(user=UserFactory())
    answers = [api.delete(f"{PATH}{pk}/") for pk in (other.pk, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    other.refresh_from_db()
    assert other.revoked_at is None


def test_ending_all_others_keeps_the_device_at_hand(api, user, phone, anonymous):
    start_session(user=user, device="도서관")
    other = start_session(user=UserFactory())
    assert api.delete(PATH).status_code == 204
    assert [row["is_current"] for row in listed(api)] == [True]
    assert anonymous.get(ME, **bearer(phone)).status_code == 401
    assert anonymous.get(ME, **bearer(other)).status_code == 200


def test_ending_all_others_does_not_rewrite_what_has_ended(api, phone):
    before = timezone.now() - timedelta(days=1)
    Session.objects.filter(pk=phone.pk).update(revoked_at=before, revoked_reason="signed_out")
    api.delete(PATH)
    phone.refresh_from_db()
    assert (phone.revoked_at, phone.revoked_reason) == (before, "signed_out")


def test_a_filter_on_ending_all_is_refused(api, phone):
    """Whoever misspells a path must not end everything."""
    assert codes(api.delete(f"{PATH}?id={phone.pk}")) == {("id", "unknown_parameter")}
    phone.refresh_from_db()
    assert phone.revoked_at is None


def test_a_device_is_what_the_app_calls_it_in_full(anonymous, user, api):
    name = "홍익 앱 3.1 <b>&</b> 🍕"
    login = {"username": user.username, "password": "correct-horse-7", "device": name}
    assert anonymous.post("/api/v1/auth/login/", login).status_code == 200
    assert listed(api)[0]["device"] == name
