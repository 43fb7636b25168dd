"""Several requests at one moment: a token rotates once, and a session that ends stays ended."""

import time
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.exceptions import SessionEnded
from accounts.models import Notification, Session
from accounts.services.sessions import end_session, end_sessions, rotate, start_session
from accounts.tests.factories import UserFactory
from accounts.tokens import issue, read_refresh
from api.tests.helpers import at_once, codes

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

REFRESH = "/api/v1/auth/refresh/"


def test_refreshes_at_once_all_get_one_child_and_a_later_replay_ends_the_session(client_of, settings):
    refresh = issue(start_session(user=UserFactory())).refresh

    answers = at_once(*[lambda: client_of(None).post(REFRESH, {"refresh": refresh})] * 8)

    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["refresh"] for answer in answers}) == 1
    assert Session.objects.living().count() == 1

    Session.objects.update(rotated_at=timezone.now() - settings.REFRESH_GRACE * 2)
    replay = client_of(None).post(REFRESH, {"refresh": refresh})
    assert codes(replay) == {(None, "refresh_reused")}
    assert not Session.objects.living().exists()


def test_a_rotation_waits_for_another_and_then_finds_the_token_replaced(monkeypatch):
    # As on MySQL, where Django runs an UPDATE over a join as a SELECT and then an UPDATE of what it found.
    monkeypatch.setattr(type(connection.features), "update_can_self_select", False)
    claims = read_refresh(issue(start_session(user=UserFactory())).refresh)
    rotated = Event()

    def first():
        with transaction.atomic():
            session = rotate(claims)
            rotated.set()
            time.sleep(0.2)
        return session

    def second():
        rotated.wait(timeout=20)
        return rotate(claims)

    session, nothing = at_once(first, second)

    assert session.previous_jti == claims.jti
    assert nothing is None


ENDED = Session.RevokedReason.ENDED


@pytest.mark.parametrize("refreshes_first", [True, False])
def test_ending_a_session_while_it_refreshes_is_never_undone(client_of, refreshes_first):
    user = UserFactory()
    session = start_session(user=user)
    claims = read_refresh(issue(session).refresh)
    begun = Event()

    def hold(call):
        with transaction.atomic():
            result = call()
            begun.set()
            time.sleep(0.2)
        return result

    def follow(call):
        begun.wait(timeout=20)
        return call()

    def refresh():
        try:
            return rotate(claims)
        except SessionEnded:
            return None

    def end():
        end_session(session_id=session.pk, reason=ENDED)

    first, second = (refresh, end) if refreshes_first else (end, refresh)
    refreshed, _nothing = sorted(
        at_once(lambda: hold(first), lambda: follow(second)), key=lambda result: result is None
    )

    session.refresh_from_db()
    assert session.revoked_reason == "ended"
    assert (refreshed is not None) == refreshes_first
    answer = client_of(None).post(REFRESH, {"refresh": issue(session).refresh})
    assert codes(answer) == {(None, "session_ended")}


def test_of_many_refreshes_and_an_end_of_all_others_nothing_survives(client_of):
    user = UserFactory()
    sessions = [start_session(user=user) for _time in range(4)]
    current = start_session(user=user)
    refresh = [issue(session).refresh for session in sessions]

    *answers, _nothing = at_once(
        *[lambda token=token: client_of(None).post(REFRESH, {"refresh": token}) for token in refresh],
        lambda: end_sessions(user=user, besides=current, reason=ENDED),
    )

    assert {answer.status_code for answer in answers} <= {200, 401}
    assert [session.pk for session in Session.objects.living()] == [current.pk]
    for answer in answers:
        if answer.status_code == 200:
            again = client_of(None).post(REFRESH, {"refresh": answer.json()["refresh"]})
            assert codes(again) == {(None, "session_ended")}


def test_two_sign_ins_on_new_devices_at_once_are_both_told(client_of):
    user = UserFactory()
    start_session(user=user, device="전화기")
    at_once(*[lambda name=name: start_session(user=user, device=name) for name in ("도서관", "연구실")])
    assert Notification.objects.filter(user=user, kind="new_device").count() == 2
