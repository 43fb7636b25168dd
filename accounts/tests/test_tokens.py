"""What tokens say, and what is answered to those that are not good."""

import re
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Session
from accounts.services.sessions import start_session
from accounts.tests.factories import PASSWORD
from accounts.tokens import issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"
UUID_HEX = re.compile("[0-9a-f]{32}")
UUID = "0f0e0d0c-0b0a-4908-8706-050403020100"


@pytest.fixture
def tokens(user):
    return issue(start_session(user=user))


@pytest.fixture
def get_me(anonymous):
    """`get_me(header)`: who one is, with this `Authorization` header."""
    return lambda header: anonymous.get(ME, HTTP_AUTHORIZATION=header)


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def resign(token, *, key=settings.JWT_SIGNING_KEY, algorithm="HS256", without=(), **changes):
    """The token with other claims."""
    changed = {name: value for name, value in (claims(token) | changes).items() if name not in without}
    return jwt.encode(changed, key, algorithm)


def test_a_token_holds_ids_and_times_alone(tokens, user):
    for token, kind in ((tokens.access, "access"), (tokens.refresh, "refresh")):
        said = claims(token)
        assert set(said) == {"token_type", "exp", "iat", "jti", "sub", "sid", "iss", "aud"}
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
        assert said["token_type"] == kind
        assert {type(said["exp"]), type(said["iat"])} == {int}
        assert UUID_HEX.fullmatch(said["jti"])
        assert said["sub"] == str(user.pk)
        assert said["sid"] == str(Session.objects.get().pk)


def test_access_lasts_15_minutes_and_refresh_30_days(tokens):
    access, refresh = claims(tokens.access), claims(tokens.refresh)
    assert access["exp"] - access["iat"] == timedelta(minutes=15).total_seconds()
    assert refresh["exp"] - refresh["iat"] == timedelta(days=30).total_seconds()


def test_a_good_token_signs_in(get_me, tokens, user):
    assert get_me(f"Bearer {tokens.access}").json()["id"] == str(user.pk)
    assert get_me(f"bearer  {tokens.access}").status_code == 200


@pytest.mark.parametrize("header", [None, "", "Basic bWluamk6a2lt", "Token abc"])
def test_without_a_bearer_token_one_is_not_signed_in(anonymous, header):
    answer = anonymous.get(ME, **({} if header is None else {"HTTP_AUTHORIZATION": header}))
    assert_unauthorized(answer, "not_authenticated")


NOT_OURS = {
    "nothing": lambda pair: "",
    "garbage": lambda pair: "garbage",
    "three garbled parts": lambda pair: "a.b.c",
    "not ASCII": lambda pair: "마당",
    "two tokens": lambda pair: f"{pair.access} {pair.access}",
    "cut off": lambda pair: pair.access[:-5],
    "a refresh token": lambda pair: pair.refresh,
    "no kind": lambda pair: resign(pair.access, without=["token_type"]),
    "another issuer": lambda pair: resign(pair.access, iss="elsewhere"),
    "no issuer": lambda pair: resign(pair.access, without=["iss"]),
    "another audience": lambda pair: resign(pair.access, aud="elsewhere"),
    "no audience": lambda pair: resign(pair.access, without=["aud"]),
    "another key": lambda pair: resign(pair.access, key="k" * 64),
    "the key of the sessions": lambda pair: resign(pair.access, key=settings.SECRET_KEY),
    "another algorithm": lambda pair: resign(pair.access, algorithm="HS384"),
    "no signature": lambda pair: resign(pair.access, key=None, algorithm="none"),
    "no end": lambda pair: resign(pair.access, without=["exp"]),
    "an end that is no time": lambda pair: resign(pair.access, exp="tomorrow"),
    "no id": lambda pair: resign(pair.access, without=["jti"]),
    "no user": lambda pair: resign(pair.access, without=["sub"]),
    "a user id that is no UUID": lambda pair: resign(pair.access, sub="minji"),
    "a user id that is a number": lambda pair: resign(pair.access, sub=1),
    "no session": lambda pair: resign(pair.access, without=["sid"]),
    "a session id that is no UUID": lambda pair: resign(pair.access, sid="1"),
    "a session id that is a number": lambda pair: resign(pair.access, sid=1),
    "a session id that is nothing": lambda pair: resign(pair.access, sid=None),
    "not yet issued": lambda pair: resign(pair.access, iat=claims(pair.access)["iat"] + 3600),
}


@pytest.mark.parametrize("make", NOT_OURS.values(), ids=NOT_OURS)
def test_a_token_that_is_not_ours_is_invalid(get_me, tokens, make):
    assert_unauthorized(get_me(f"Bearer {make(tokens)}".rstrip()), "token_invalid")


ENDED = {
    "its session": lambda user: Session.objects.update(revoked_at=timezone.now()),
    "its session's row": lambda user: Session.objects.all().delete(),
    "its user": lambda user: user.delete(),
    "its user's right to sign in": lambda user: type(user).objects.update(is_active=False),
}


@pytest.mark.parametrize("end", ENDED.values(), ids=ENDED)
def test_a_token_dies_with(get_me, tokens, user, end):
    assert get_me(f"Bearer {tokens.access}").status_code == 200
    end(user)
    assert_unauthorized(get_me(f"Bearer {tokens.access}"), "session_ended")


@pytest.mark.parametrize("claim", ["sub", "sid"])
def test_a_token_names_its_session_and_the_session_its_user(get_me, tokens, claim):
    assert_unauthorized(get_me(f"Bearer {resign(tokens.access, **{claim: UUID})}"), "session_ended")


def test_an_access_token_expires_after_15_minutes(get_me, tokens, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=14, seconds=55), tick=False)
    assert get_me(f"Bearer {tokens.access}").status_code == 200
    time_machine.shift(timedelta(seconds=10))
    assert_unauthorized(get_me(f"Bearer {tokens.access}"), "token_expired")


@pytest.mark.parametrize("header", ["Bearer garbage", "Bearer", "Basic x", "garbage"])
def test_a_bad_header_does_not_block_what_is_public(anonymous, user, header):
    anonymous.credentials(HTTP_AUTHORIZATION=header)
    login = {"username": user.username, "password": PASSWORD}
    assert anonymous.get("/api/v1/schools/").status_code == 200
    assert anonymous.get(f"/api/v1/schools/{user.school_id}/").status_code == 200
    assert anonymous.get("/api/v1/auth/availability/", {"username": "minji"}).status_code == 200
    assert anonymous.post("/api/v1/auth/login/", login).status_code == 200


def test_a_token_in_the_url_is_no_token(anonymous, tokens):
    assert_unauthorized(anonymous.get(ME, {"access": tokens.access}), "not_authenticated")


def assert_unauthorized(answer, code):
    assert answer.status_code == 401
    assert codes(answer) == {(None, code)}
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("exp", [10**30, 1e18, "soon", None, [1]], ids=str)
def test_an_expiry_that_is_no_time_is_an_invalid_token(get_me, anonymous, tokens, exp):
    answer = get_me(f"Bearer {resign(tokens.access, exp=exp)}")
    assert (answer.status_code, codes(answer)) == (401, {(None, "token_invalid")})
    answer = anonymous.post("/api/v1/auth/refresh/", {"refresh": resign(tokens.refresh, exp=exp)})
    assert (answer.status_code, codes(answer)) == (401, {(None, "refresh_invalid")})
