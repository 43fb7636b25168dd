from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tests.test_tokens import NOT_OURS, claims, resign
from accounts.tokens import TokenPair, issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

REFRESH = "/api/v1/auth/refresh/"
ME = "/api/v1/users/me/"


@pytest.fixture
def tokens(user):
    return issue(start_session(user=user))


@pytest.fixture
def refresh(anonymous):
    """`refresh(token)`: the answer to a refresh with this token."""
    return lambda token: anonymous.post(REFRESH, {"refresh": token})


@pytest.fixture
def after(time_machine):
    """`after(seconds=…)` moves the clock, which stands still otherwise."""
    time_machine.move_to(timezone.now(), tick=False)
    return lambda **time: time_machine.shift(timedelta(**time))


def test_refreshing_gives_two_new_tokens(refresh, tokens, anonymous):
    answer = refresh(tokens.refresh)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh"}
    assert answer.json()["refresh"] != tokens.refresh
    assert anonymous.get(ME, HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}").status_code == 200


def test_a_child_lasts_30_days_from_its_birth(after, refresh, user):
    first = issue(start_session(user=user)).refresh
    after(days=29)
    child = refresh(first).json()["refresh"]
    after(days=29)
    assert refresh(child).status_code == 200


def test_for_ten_seconds_the_old_token_is_answered_with_the_very_same_child(after, refresh, tokens):
    child = refresh(tokens.refresh).json()["refresh"]
    after(seconds=10)
    again = refresh(tokens.refresh)
    assert again.status_code == 200
    assert again.json()["refresh"] == child
    assert refresh(child).status_code == 200


def test_a_replayed_refresh_token_ends_the_session(after, refresh, tokens, anonymous):
    newest = refresh(tokens.refresh).json()
    after(seconds=11)

    assert_refused(refresh(tokens.refresh), "refresh_reused")

    assert Session.objects.get().revoked_reason == "refresh_reused"
    assert_refused(anonymous.get(ME, HTTP_AUTHORIZATION=f"Bearer {newest['access']}"), "session_ended")
    assert_refused(refresh(newest["refresh"]), "session_ended")
    assert_refused(refresh(tokens.refresh), "session_ended")


def test_once_the_child_was_used_the_old_token_is_a_replay_at_once(after, refresh, tokens):
    child = refresh(tokens.refresh).json()["refresh"]
    grandchild = refresh(child).json()["refresh"]
    assert_refused(refresh(tokens.refresh), "refresh_reused")
    assert_refused(refresh(grandchild), "session_ended")


def test_a_replay_ends_no_other_session(after, refresh, tokens, user):
    elsewhere = issue(start_session(user=user)).refresh
    refresh(tokens.refresh)
    after(seconds=11)
    refresh(tokens.refresh)
    assert refresh(elsewhere).status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": "  "}])
def test_without_a_token_there_is_nothing_to_refresh(anonymous, body):
    assert_refused(anonymous.post(REFRESH, body), "refresh_missing")


# The same as of access tokens, with the kinds exchanged.
INVALID = {name: make for name, make in NOT_OURS.items() if name != "nothing"}


@pytest.mark.parametrize("make", INVALID.values(), ids=INVALID)
def test_a_token_that_is_not_ours_is_invalid(refresh, tokens, make):
    exchanged = TokenPair(access=tokens.refresh, refresh=tokens.access)
    assert_refused(refresh(make(exchanged)), "refresh_invalid")
    assert refresh(tokens.refresh).status_code == 200


def test_a_refresh_token_expires_after_30_days(after, refresh, user):
    token = issue(start_session(user=user)).refresh
    after(days=30, seconds=6)  # clocks may differ by 5
    assert_refused(refresh(token), "refresh_expired")


def test_a_token_of_an_ended_session_refreshes_nothing(refresh, tokens):
    Session.objects.update(revoked_at=timezone.now())
    assert_refused(refresh(tokens.refresh), "session_ended")


def test_a_deleted_user_refreshes_nothing(refresh, tokens, user):
    user.delete()
    assert_refused(refresh(tokens.refresh), "session_ended")


@pytest.mark.django_db(transaction=True)
def test_an_inactive_user_refreshes_nothing(refresh, tokens, user):
    type(user).objects.update(is_active=False)
    assert_refused(refresh(tokens.refresh), "session_ended")
    assert Session.objects.get().previous_jti is None


@pytest.mark.parametrize("claim", ["sub", "sid"])
def test_a_token_names_its_session_and_the_session_its_user(refresh, tokens, claim):
    forged = resign(tokens.refresh, **{claim: "0f0e0d0c-0b0a-4908-8706-050403020100"})
    assert_refused(refresh(forged), "session_ended")
    assert refresh(tokens.refresh).status_code == 200


@pytest.mark.parametrize("value", [7, ["a"], None, "a\0b", "a" * 2001])
def test_a_token_that_is_no_text_is_bad_input(refresh, value):
    answer = refresh(value)
    assert answer.status_code == 400
    assert {attr for attr, _code in codes(answer)} == {"refresh"}


def test_a_stale_header_keeps_nobody_from_refreshing(anonymous, tokens):
    stale = resign(tokens.access, exp=claims(tokens.access)["iat"] - 1)
    answer = anonymous.post(REFRESH, {"refresh": tokens.refresh}, HTTP_AUTHORIZATION=f"Bearer {stale}")
    assert answer.status_code == 200


def assert_refused(answer, code):
    assert answer.status_code == 401
    assert codes(answer) == {(None, code)}
    assert "WWW-Authenticate" in answer
