from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tokens import issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

LOGOUT = "/api/v1/auth/logout/"


@pytest.fixture
def tokens(user):
    return issue(start_session(user=user))


@pytest.fixture
def log_out(anonymous):
    """`log_out(access=…, refresh=…)`, each where it belongs."""

    def log_out(*, access=None, refresh=None):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {access}"} if access else {}
        return anonymous.post(LOGOUT, {"refresh": refresh} if refresh else {}, **headers)

    return log_out


def test_the_access_token_signs_out(log_out, tokens):
    answer = log_out(access=tokens.access)
    assert answer.status_code == 204
    assert answer.content == b""
    assert_ended()


def test_the_refresh_token_signs_out(log_out, tokens):
    assert log_out(refresh=tokens.refresh).status_code == 204
    assert_ended()


def test_with_an_expired_access_token_the_refresh_token_signs_out(log_out, tokens, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    assert log_out(access=tokens.access, refresh=tokens.refresh).status_code == 204
    assert_ended()


def test_signing_out_twice_is_no_error(log_out, tokens):
    for _time in range(2):
        assert log_out(access=tokens.access).status_code == 204
        assert log_out(refresh=tokens.refresh).status_code == 204


def test_signing_out_a_second_time_does_not_rewrite_when_it_was(log_out, tokens):
    log_out(refresh=tokens.refresh)
    before = Session.objects.get().revoked_at
    log_out(refresh=tokens.refresh)
    assert Session.objects.get().revoked_at == before


def test_only_the_one_session_ends(log_out, tokens, api):
    log_out(access=tokens.access)
    assert api.get("/api/v1/users/me/").status_code == 200


def test_after_signing_out_no_token_works(log_out, tokens, anonymous):
    log_out(refresh=tokens.refresh)
    me = anonymous.get("/api/v1/users/me/", HTTP_AUTHORIZATION=f"Bearer {tokens.access}")
    child = anonymous.post("/api/v1/auth/refresh/", {"refresh": tokens.refresh})
    assert codes(me) == codes(child) == {(None, "session_ended")}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "refresh_missing"),
        ({"access": "garbage"}, "token_invalid"),
        ({"refresh": "garbage"}, "refresh_invalid"),
    ],
)
def test_without_a_token_of_ours_nobody_signs_out(log_out, given, code):
    answer = log_out(**given)
    assert answer.status_code == 401
    assert codes(answer) == {(None, code)}


def test_expired_tokens_say_so(log_out, tokens, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=31))
    assert codes(log_out(access=tokens.access)) == {(None, "token_expired")}
    assert codes(log_out(refresh=tokens.refresh)) == {(None, "refresh_expired")}


def assert_ended():
    session = Session.objects.get()
    assert session.revoked_at is not None
    assert session.revoked_reason == "signed_out"
