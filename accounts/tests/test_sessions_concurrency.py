"""Several requests with one refresh token at one moment: it rotates once, whoever asks."""

import time
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import rotate, start_session
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
