"""The refresh token as a cookie: who gets it, how it looks, and whose pages may use it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import cookies
from accounts.models import Session, User
from accounts.services.sessions import start_session
from accounts.tests.factories import PASSWORD, SchoolFactory
from accounts.tokens import issue
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
SIGNUP = "/api/v1/auth/signup/"
REFRESH = "/api/v1/auth/refresh/"
LOGOUT = "/api/v1/auth/logout/"
ME = "/api/v1/users/me/"
OWN = {"HTTP_ORIGIN": "http://testserver"}
LISTED = "https://app.example.com"
FOREIGN = {"HTTP_ORIGIN": "https://evil.example"}
MONTH = 30 * 24 * 3600


@pytest.fixture(autouse=True)
def _listed(settings):
    settings.CORS_ALLOWED_ORIGINS = [LISTED]


@pytest.fixture
def tokens(user):
    return issue(start_session(user=user))


@pytest.fixture
def page(anonymous, tokens):
    """A page of our own host, in a browser that has the cookie."""
    anonymous.cookies[cookies.NAME] = tokens.refresh
    anonymous.defaults |= OWN
    return anonymous


def sign_in(client, user, **more):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, "cookie": True}, **more)


def sign_up(client, **more):
    body = {
        "username": "minji_kim",
        "email": "minji@example.com",
        "password": PASSWORD,
        "nickname": "민지",
        "school": SchoolFactory().pk,
        "admission_year": 2025,
        "cookie": True,
    }
    return client.post(SIGNUP, body, **more)


def header(answer):
    """The `Set-Cookie` of an answer as browsers read it: the value, and the attributes."""
    value, *attributes = answer.cookies[cookies.NAME].OutputString().split("; ")
    return value.partition("=")[2], set(attributes)


def assert_given(answer, *more):
    value, attributes = header(answer)
    expires = next(each for each in attributes if each.startswith("expires="))
    assert attributes - {expires} == {
        "HttpOnly",
        "Path=/api/v1/auth/",
        f"Max-Age={MONTH}",
        "SameSite=Strict",
        *more,
    }
    return value


def assert_taken(answer):
    assert header(answer) == (
        '""',
        {
            "HttpOnly",
            "Path=/api/v1/auth/",
            "Max-Age=0",
            "expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "SameSite=Strict",
        },
    )


def assert_untouched(answer):
    assert "Set-Cookie" not in answer.headers
    assert cookies.NAME not in answer.cookies


# --- Given ------------------------------------------------------------------------------------------
def test_signing_in_gives_the_cookie_instead_of_the_token(anonymous, user):
    answer = sign_in(anonymous, user, **OWN)
    assert answer.status_code == 200
    assert answer.json()["refresh"] is None
    assert set(answer.json()) == {"user", "access", "refresh"}
    assert assert_given(answer) not in answer.content.decode()
    assert anonymous.post(REFRESH, **OWN).status_code == 200


def test_so_does_signing_up(anonymous):
    answer = sign_up(anonymous, **OWN)
    assert answer.status_code == 201
    assert answer.json()["refresh"] is None
    assert_given(answer)


@pytest.mark.parametrize("more", [{}, {"cookie": False}])
def test_without_a_wish_there_is_no_cookie(anonymous, user, more):
    answer = anonymous.post(LOGIN, {"username": user.username, "password": PASSWORD} | more)
    assert answer.json()["refresh"]
    assert_untouched(answer)


@pytest.mark.parametrize("value", ["true", 1, None, []])
def test_a_wish_is_true_or_false(anonymous, user, value):
    body = {"username": user.username, "password": PASSWORD, "cookie": value}
    answer = anonymous.post(LOGIN, body, **OWN)
    assert answer.status_code == 400
    assert {attr for attr, _code in codes(answer)} == {"cookie"}


def test_a_token_of_the_body_moves_into_the_cookie_on_request(anonymous, tokens):
    answer = anonymous.post(REFRESH, {"refresh": tokens.refresh, "cookie": True}, **OWN)
    assert answer.json()["refresh"] is None
    assert_given(answer)


def test_the_cookie_goes_to_both_endpoints_that_read_it_and_nowhere_else():
    assert reverse("auth-refresh").startswith(cookies.PATH)
    assert reverse("auth-logout").startswith(cookies.PATH)
    assert not reverse("user-me").startswith(cookies.PATH)


@pytest.mark.parametrize(
    ("samesite", "secure", "attributes"),
    [
        ("Lax", True, {"SameSite=Lax", "Secure"}),
        ("None", True, {"SameSite=None", "Secure"}),
        ("Strict", False, {"SameSite=Strict"}),
    ],
)
def test_settings_say_which_sites_it_goes_along_with(anonymous, user, settings, samesite, secure, attributes):
    settings.REFRESH_COOKIE_SAMESITE, settings.REFRESH_COOKIE_SECURE = samesite, secure
    for answer in (sign_in(anonymous, user, **OWN), anonymous.post(LOGOUT, **OWN)):
        found = header(answer)[1]
        assert {each for each in found if each.startswith(("SameSite", "Secure"))} == attributes


# --- Read -------------------------------------------------------------------------------------------
def test_refreshing_by_the_cookie_answers_in_the_cookie_whatever_is_wished(page, tokens):
    """Else a script that got into the page could read the token after all."""
    old = tokens.refresh
    for body in ({}, {"cookie": False}, {"cookie": True}, {"refresh": ""}):
        answer = page.post(REFRESH, body)
        assert answer.status_code == 200
        assert answer.json()["refresh"] is None
        new = assert_given(answer)
        assert new != old
        old = new
        me = page.get(ME, HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
        assert me.status_code == 200


def test_a_token_in_the_body_comes_before_the_cookie_and_leaves_it_alone(page, user):
    other = issue(start_session(user=user)).refresh
    answer = page.post(REFRESH, {"refresh": other})
    assert answer.json()["refresh"]
    assert_untouched(answer)
    assert page.post(REFRESH).status_code == 200


def test_for_ten_seconds_the_old_cookie_is_answered_with_the_very_same_child(page, tokens, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    child = assert_given(page.post(REFRESH))
    time_machine.shift(timedelta(seconds=10))
    page.cookies[cookies.NAME] = tokens.refresh
    assert assert_given(page.post(REFRESH)) == child


def test_a_replayed_cookie_ends_the_session_and_goes(page, tokens, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    page.post(REFRESH)
    time_machine.shift(timedelta(seconds=11))
    page.cookies[cookies.NAME] = tokens.refresh
    answer = page.post(REFRESH)
    assert codes(answer) == {(None, "refresh_reused")}
    assert_taken(answer)
    assert not Session.objects.living().exists()


def end():
    Session.objects.update(revoked_at=timezone.now())


def delete():
    Session.objects.all().delete()


@pytest.mark.parametrize("path", [REFRESH, LOGOUT])
def test_a_cookie_that_is_no_token_is_refused_and_goes(page, path):
    page.cookies[cookies.NAME] = "garbage"
    answer = page.post(path)
    assert answer.status_code == 401
    assert codes(answer) == {(None, "refresh_invalid")}
    assert_taken(answer)


@pytest.mark.parametrize("over", [end, delete])
def test_the_cookie_of_a_session_that_is_over_goes(page, over):
    over()
    answer = page.post(REFRESH)
    assert codes(answer) == {(None, "session_ended")}
    assert_taken(answer)


def test_an_expired_cookie_goes(page, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=31))
    answer = page.post(REFRESH)
    assert codes(answer) == {(None, "refresh_expired")}
    assert_taken(answer)


def test_an_invalid_token_in_the_body_leaves_the_cookie_alone(page):
    answer = page.post(REFRESH, {"refresh": "garbage"})
    assert answer.status_code == 401
    assert_untouched(answer)


def test_signing_out_ends_the_session_of_the_cookie_which_goes(page, tokens):
    answer = page.post(LOGOUT)
    assert answer.status_code == 204
    assert_taken(answer)
    assert Session.objects.get().revoked_reason == "signed_out"
    assert page.get(ME, HTTP_AUTHORIZATION=f"Bearer {tokens.access}").status_code == 401


def test_signing_out_by_the_body_ends_the_session_of_a_cookie_that_came_along_too(page, user):
    other = issue(start_session(user=user))
    answer = page.post(LOGOUT, {"refresh": other.refresh})
    assert answer.status_code == 204
    assert_taken(answer)
    assert not Session.objects.living()


def test_a_foreign_page_that_signs_out_by_the_body_leaves_the_cookie_alone(page, user):
    other = issue(start_session(user=user))
    answer = page.post(LOGOUT, {"refresh": other.refresh}, **FOREIGN)
    assert answer.status_code == 204
    assert_untouched(answer)
    assert Session.objects.living().count() == 1


def test_without_a_cookie_there_is_nothing_to_refresh_and_nothing_to_delete(anonymous):
    answer = anonymous.post(REFRESH, **OWN)
    assert codes(answer) == {(None, "refresh_missing")}
    assert_untouched(answer)


def test_no_other_endpoint_takes_the_cookie_for_a_sign_in(page):
    for path in (ME, "/api/v1/auth/sessions/", "/api/v1/notifications/"):
        assert codes(page.get(path)) == {(None, "not_authenticated")}


# --- Whose pages --------------------------------------------------------------------------------------
AT_HOME = {
    "our own": OWN,
    "a listed one": {"HTTP_ORIGIN": LISTED},
    "a listed one on another site": {"HTTP_ORIGIN": LISTED, "HTTP_SEC_FETCH_SITE": "cross-site"},
    "our own behind a proxy": {"HTTP_ORIGIN": "https://madang.kr", "HTTP_SEC_FETCH_SITE": "same-origin"},
}
ABROAD = {
    "none": {},
    "an empty one": {"HTTP_ORIGIN": ""},
    "null": {"HTTP_ORIGIN": "null"},
    "a foreign one": FOREIGN,
    "our own without encryption": {"HTTP_ORIGIN": "http://testserver", "wsgi.url_scheme": "https"},
    "another port": {"HTTP_ORIGIN": "http://testserver:8000"},
    "the listed one without encryption": {"HTTP_ORIGIN": "http://app.example.com"},
    "the listed one on another port": {"HTTP_ORIGIN": f"{LISTED}:444"},
    "the listed one as a prefix": {"HTTP_ORIGIN": f"{LISTED}.evil.example"},
    "the listed one as a suffix": {"HTTP_ORIGIN": "https://evil-app.example.com"},
    "the listed one as a user": {"HTTP_ORIGIN": f"{LISTED}@evil.example"},
    "the listed one with a path": {"HTTP_ORIGIN": f"{LISTED}/"},
    "below the listed one": {"HTTP_ORIGIN": "https://a.app.example.com"},
    "above the listed one": {"HTTP_ORIGIN": "https://example.com"},
    "in capitals": {"HTTP_ORIGIN": "https://APP.example.com"},
    "two": {"HTTP_ORIGIN": f"{LISTED}, https://evil.example"},
    "the same site": {"HTTP_ORIGIN": "https://blog.testserver", "HTTP_SEC_FETCH_SITE": "same-site"},
    "typed by hand": {"HTTP_SEC_FETCH_SITE": "none"},
    "a referer alone": {"HTTP_REFERER": "http://testserver/"},
}


@pytest.mark.parametrize("origin", AT_HOME.values(), ids=AT_HOME)
def test_a_page_at_home_uses_the_cookie(anonymous, user, origin):
    assert sign_in(anonymous, user, **origin).status_code == 200
    assert anonymous.post(REFRESH, **origin).status_code == 200
    assert anonymous.post(LOGOUT, **origin).status_code == 204


@pytest.mark.parametrize("origin", ABROAD.values(), ids=ABROAD)
def test_a_page_from_abroad_neither_gets_nor_uses_nor_deletes_it(anonymous, user, tokens, origin):
    anonymous.cookies[cookies.NAME] = tokens.refresh
    for answer in (
        sign_in(anonymous, user, **origin),
        anonymous.post(REFRESH, **origin),
        anonymous.post(REFRESH, {"cookie": True}, **origin),
        anonymous.post(REFRESH, {"refresh": tokens.refresh, "cookie": True}, **origin),
        anonymous.post(LOGOUT, **origin),
        anonymous.post(LOGOUT, **origin, HTTP_AUTHORIZATION=f"Bearer {tokens.access}"),
    ):
        assert answer.status_code == 403
        assert codes(answer) == {(None, "origin_not_allowed")}
        assert_untouched(answer)
    session = Session.objects.get()
    assert (session.revoked_at, session.previous_jti) == (None, None)


def test_a_foreign_page_signs_nobody_up(anonymous, db):
    assert sign_up(anonymous, **FOREIGN).status_code == 403
    assert not User.objects.exists()


def test_without_the_cookie_the_origin_does_not_matter(anonymous, user, tokens):
    """Whoever sends a token in the body has it already."""
    login = {"username": user.username, "password": PASSWORD}
    assert anonymous.post(LOGIN, login, **FOREIGN).status_code == 200
    answer = anonymous.post(REFRESH, {"refresh": tokens.refresh}, **FOREIGN)
    assert answer.status_code == 200
    assert anonymous.post(LOGOUT, {"refresh": answer.json()["refresh"]}, **FOREIGN).status_code == 204


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_form_can_send_is_no_sign_in(anonymous, user, kind):
    """A page can send these anywhere without asking first, and would sign a visitor in as somebody else."""
    body = f'{{"username": "{user.username}", "password": "{PASSWORD}", "cookie": true}}'
    answer = anonymous.generic("POST", LOGIN, body, content_type=kind, **OWN)
    assert answer.status_code == 415
    assert_untouched(answer)


def test_a_foreign_page_learns_nothing_of_passwords(anonymous, user):
    """Where it comes from is looked at before the password is."""
    body = {"username": user.username, "password": "wrong-horse-7", "cookie": True}
    assert anonymous.post(LOGIN, body, **FOREIGN).status_code == 403
