"""A sign-in on a device that was not seen before is told."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Notification, Session
from accounts.services.sessions import end_session, tell_of_new_device
from accounts.tests.factories import PASSWORD, UserFactory
from conftest import Client

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
NOTIFICATIONS = "/api/v1/notifications/"


@pytest.fixture
def sign_in(user):
    """`sign_in("전화기")`: a client that has just signed in on this device."""

    def sign_in(device):
        client = Client()
        body = {"username": user.username, "password": PASSWORD, "device": device}
        access = client.post(LOGIN, body).json()["access"]
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
        return client

    return sign_in


def told(client):
    return [row for row in client.get(NOTIFICATIONS).json()["results"] if row["kind"] == "new_device"]


def test_the_first_device_is_no_news(sign_in):
    assert told(sign_in("전화기")) == []


def test_a_second_device_is_told_and_named(sign_in):
    phone = sign_in("전화기")
    sign_in("도서관 컴퓨터")
    (row,) = told(phone)
    session = Session.objects.get(device="도서관 컴퓨터")
    assert row["text"] == "You signed in on a new device: 도서관 컴퓨터."
    assert row["target"]["kind"] == "session"
    assert row["target"]["session"] == str(session.pk)
    assert row["author"] is None
    assert phone.delete(f"/api/v1/auth/sessions/{row['target']['session']}/").status_code == 204


def test_a_device_without_a_name_is_told_too(sign_in):
    phone = sign_in("전화기")
    sign_in("")
    assert [row["text"] for row in told(phone)] == ["You signed in on a new device."]


def test_a_device_seen_before_is_no_news_though_it_was_signed_out(sign_in):
    phone = sign_in("전화기")
    sign_in("도서관").post("/api/v1/auth/logout/")
    assert len(told(phone)) == 1
    sign_in("도서관")
    sign_in("전화기")
    assert len(told(phone)) == 1


def test_it_stays_told_when_the_session_has_ended(sign_in):
    """Whoever should not have signed in may be gone by the time it is read."""
    phone = sign_in("전화기")
    thief = sign_in("도둑의 컴퓨터")
    thief.post("/api/v1/auth/logout/")
    (row,) = told(phone)
    assert row["target"]["session"] is None
    assert "도둑의 컴퓨터" in row["text"]


def test_others_are_not_told(sign_in, client_of):
    other = client_of(UserFactory())
    sign_in("전화기")
    sign_in("도서관")
    assert told(other) == []


def test_it_can_be_switched_off(sign_in):
    phone = sign_in("전화기")
    phone.patch(f"{NOTIFICATIONS}settings/", {"new_device": False})
    sign_in("도서관")
    assert told(phone) == []


def test_it_is_told_once_however_often_the_task_runs(sign_in):
    sign_in("전화기")
    sign_in("도서관")
    session = Session.objects.get(device="도서관")
    for _time in range(2):
        tell_of_new_device.call(session.notice_id)
    assert Notification.objects.count() == 1
    session.delete()
    tell_of_new_device.call(session.notice_id)


def test_the_queue_names_nobody(queued, sign_in, user):
    sign_in("전화기")
    sign_in("도서관")
    session = Session.objects.get(device="도서관")
    (waiting,) = DBTaskResult.objects.all()
    assert waiting.args_kwargs == {"args": [session.notice_id], "kwargs": {}}
    assert str(user.pk) not in str(waiting.args_kwargs)


def test_refreshing_is_no_sign_in(sign_in, user):
    phone = sign_in("전화기")
    refresh = Client().post(LOGIN, {"username": user.username, "password": PASSWORD, "device": "전화기"})
    Client().post("/api/v1/auth/refresh/", {"refresh": refresh.json()["refresh"]})
    assert told(phone) == []


def test_thirty_are_told_in_as_many_queries_as_one(sign_in, count_queries):
    phone = sign_in("전화기")
    sign_in("기기 0")
    one = count_queries(lambda: phone.get(NOTIFICATIONS))
    for number in range(1, 20):
        sign_in(f"기기 {number}")
    assert count_queries(lambda: phone.get(NOTIFICATIONS)) == one
    assert len(told(phone)) == 20


def test_what_ended_long_ago_is_forgotten(sign_in):
    """So that its device counts as new."""
    phone = sign_in("전화기")
    sign_in("도서관")
    session = Session.objects.get(device="도서관")
    end_session(session_id=session.pk, reason=Session.RevokedReason.ENDED)
    Session.objects.filter(pk=session.pk).update(revoked_at=timezone.now() - timedelta(days=91))
    Session.objects.expired().delete()
    assert told(phone) == []
    sign_in("도서관")
    assert len(told(phone)) == 1
