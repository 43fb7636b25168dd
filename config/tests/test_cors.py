"""Which pages in a browser may call the API: those of the listed origins, and nobody else's."""

import ast

import pytest

from accounts.tests.factories import PASSWORD
from accounts.tests.test_cookie_api import ABROAD
from config.tests.test_settings import start

pytestmark = pytest.mark.django_db

LISTED = "https://app.example.com"
SCHOOLS = "/api/v1/schools/"
POSTS = "/api/v1/posts/"


@pytest.fixture
def listed(settings):
    settings.CORS_ALLOWED_ORIGINS = [LISTED]


def ask_first(client, origin, path=POSTS, method="POST", headers="authorization,idempotency-key"):
    """What a browser asks before it sends a request that no form could."""
    return client.options(
        path,
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD=method,
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=headers,
    )


def allowances(answer):
    return {
        name.lower(): value for name, value in answer.items() if name.lower().startswith("access-control")
    }


def words(value):
    return set(value.split(", "))


def test_nobody_is_listed_at_first(anonymous, settings):
    assert settings.CORS_ALLOWED_ORIGINS == settings.CORS_ALLOWED_ORIGIN_REGEXES == []
    for answer in (anonymous.get(SCHOOLS, HTTP_ORIGIN=LISTED), ask_first(anonymous, LISTED)):
        assert allowances(answer) == {}


def test_a_listed_page_reads_answers_with_what_it_needs_to_know(anonymous, listed):
    answer = anonymous.get(SCHOOLS, HTTP_ORIGIN=LISTED)
    assert allowances(answer) == {
        "access-control-allow-origin": LISTED,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "retry-after, x-request-id",
    }
    assert "origin" in answer["Vary"]


def test_it_reads_errors_too(anonymous, listed):
    for answer in (
        anonymous.get("/api/v1/users/me/", HTTP_ORIGIN=LISTED),
        anonymous.get("/api/v1/nothing/", HTTP_ORIGIN=LISTED),
        anonymous.post("/api/v1/auth/refresh/", HTTP_ORIGIN=LISTED),
    ):
        assert answer.status_code in (401, 404)
        assert answer["Access-Control-Allow-Origin"] == LISTED


def test_it_is_told_beforehand_what_it_may_send(anonymous, listed):
    answer = ask_first(anonymous, LISTED)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == LISTED
    assert answer["Access-Control-Allow-Credentials"] == "true"
    assert words(answer["Access-Control-Allow-Methods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert words(answer["Access-Control-Allow-Headers"]) == {
        "accept",
        "accept-language",
        "authorization",
        "content-type",
        "idempotency-key",
        "x-request-id",
    }


FOREIGN = {name: sent["HTTP_ORIGIN"] for name, sent in ABROAD.items() if sent.get("HTTP_ORIGIN")}
# A browser sends an origin without a path; the library leaves one out of account.
FOREIGN.pop("the listed one with a path")


@pytest.mark.parametrize("origin", FOREIGN.values(), ids=FOREIGN)
def test_an_unlisted_page_is_allowed_nothing(anonymous, listed, origin):
    for answer in (anonymous.get(SCHOOLS, HTTP_ORIGIN=origin), ask_first(anonymous, origin)):
        assert allowances(answer) == {}


def test_pages_outside_of_the_api_are_nobody_elses_business(anonymous, listed):
    for path in ("/docs/", "/admin/login/", "/healthz", "/"):
        assert allowances(anonymous.get(path, HTTP_ORIGIN=LISTED)) == {}


@pytest.fixture(scope="module")
def local_patterns():
    started = start("CORS_ALLOWED_ORIGIN_REGEXES", DJANGO_SETTINGS_MODULE="config.settings.local")
    return ast.literal_eval(started.stdout)


def test_in_development_pages_of_this_machine_may(anonymous, user, settings, local_patterns):
    settings.CORS_ALLOWED_ORIGIN_REGEXES = local_patterns
    login = {"username": user.username, "password": PASSWORD, "cookie": True}
    for origin in (
        "http://localhost:5173",
        "http://127.0.0.1:3000",
        "https://localhost",
        "http://[::1]:8080",
    ):
        answer = anonymous.post("/api/v1/auth/login/", login, HTTP_ORIGIN=origin)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost.evil.example",
        "http://localhost:5173.evil.example",
        "http://evil.example#localhost",
        "http://evil.localhost",
        "http://127.0.0.1.evil.example",
        "http://127x0x0x1",
        "http://localhost:",
        "null",
        "file://localhost",
    ],
)
def test_in_development_nobody_elses_pages_may(anonymous, user, settings, local_patterns, origin):
    settings.CORS_ALLOWED_ORIGIN_REGEXES = local_patterns
    assert allowances(ask_first(anonymous, origin)) == {}
    login = {"username": user.username, "password": PASSWORD, "cookie": True}
    assert anonymous.post("/api/v1/auth/login/", login, HTTP_ORIGIN=origin).status_code == 403
