"""The one error shape, whatever goes wrong."""

import re

import pytest
from django.db import IntegrityError, OperationalError, connection
from rest_framework.test import APIClient

from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me/"
LOGIN = "/api/v1/auth/login/"
VIEW = "accounts.views.users.UserViewSet.me"


@pytest.fixture
def korean():
    """A client that asks for no language."""
    return APIClient()


@pytest.fixture
def fail(monkeypatch, api):
    """`fail(error)`: make reading oneself fail, and the client take the answer."""

    def fail(error):
        def raise_it(view, request):
            raise error

        monkeypatch.setattr(VIEW, raise_it)
        api.raise_request_exception = False
        return api.get(ME, HTTP_X_REQUEST_ID="proxy-id_7")

    return fail


def assert_error(answer, status, code, *, meta=None):
    """One error, in the one shape. Its text."""
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/json")
    assert set(answer.json()) == {"type", "errors"}
    (error,) = answer.json()["errors"]
    detail = error.pop("detail")
    assert isinstance(detail, str)
    assert detail
    assert error == {"code": code, "attr": None, "meta": meta}
    assert answer.json()["type"] == ("server_error" if status >= 500 else "client_error")
    return detail


# --- Paths and methods --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["/nowhere", "/nowhere/", "/api/v1/nowhere/", "/api/v2/", "/api/v1/users/\0/"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_unknown_path_is_not_found(anonymous, method, path):
    assert_error(getattr(anonymous, method)(path), 404, "not_found")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_missing_slash_is_named(anonymous, method):
    detail = assert_error(getattr(anonymous, method)("/api/v1/auth/login"), 404, "not_found")
    assert "/api/v1/auth/login/" in detail


def test_a_path_that_is_not_there_with_a_slash_either_is_just_not_found(anonymous):
    assert "slash" not in assert_error(anonymous.get("/api/v1/nowhere"), 404, "not_found")


def test_a_row_that_is_not_there_is_not_found(anonymous):
    assert_error(anonymous.get("/api/v1/schools/999999/"), 404, "not_found")


def test_a_huge_id_is_not_found(anonymous):
    assert_error(anonymous.get(f"/api/v1/schools/{10**30}/"), 404, "not_found")


def test_a_method_that_is_not_there_is_named(anonymous):
    answer = anonymous.get(LOGIN)
    assert "GET" in assert_error(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "POST"


# --- Requests that can't be read --------------------------------------------------------------------------
def test_another_format_can_not_be_answered(api):
    assert_error(api.get(ME, HTTP_ACCEPT="text/html"), 406, "not_acceptable")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_another_format_can_not_be_read(anonymous, content_type):
    answer = anonymous.post(LOGIN, "username=minji", content_type=content_type)
    assert_error(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    ['{"username": ', "{'a': 1}", '{"a": NaN}', b'{"a": "\xff"}', '{"a": "\\ud800"}', "[" * 2000],
    ids=repr,
)
def test_a_body_that_is_no_json_is_refused(anonymous, body):
    answer = anonymous.post(LOGIN, body, content_type="application/json")
    assert answer.status_code == 400
    assert codes(answer) == {(None, "parse_error")}


@pytest.mark.parametrize("charset", ["utf-8", "bz2_codec", "hex", "utf-16", "nonsense"])
def test_json_is_utf_8_whatever_charset_is_named(anonymous, charset):
    content_type = f"application/json; charset={charset}"
    answer = anonymous.post(LOGIN, '{"username": "민지"}'.encode(), content_type=content_type)
    assert codes(answer) == {("password", "required")}


def test_a_body_that_is_too_large_is_refused(anonymous, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = anonymous.post(LOGIN, {"username": "a" * 1000, "password": "correct-horse-7"})
    assert_error(answer, 413, "payload_too_large")


def test_too_many_parameters_are_refused(anonymous, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert_error(anonymous.get("/api/v1/schools/?a=1&b=2&c=3"), 400, "bad_request")


def test_an_unknown_host_is_refused(anonymous):
    assert_error(anonymous.get(ME, HTTP_HOST="elsewhere.example"), 400, "bad_request")


def test_each_bad_field_is_named(anonymous):
    answer = anonymous.post(LOGIN, {})
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert codes(answer) == {("username", "required"), ("password", "required")}
    assert {error["meta"] for error in answer.json()["errors"]} == {None}


def test_each_unknown_parameter_is_named(api):
    answer = api.get(ME, {"b": "1", "a": "2"})
    assert answer.status_code == 400
    assert codes(answer) == {("a", "unknown_parameter"), ("b", "unknown_parameter")}


def test_who_one_is_is_asked_before_what_one_asks(anonymous):
    assert_error(anonymous.get(ME, {"a": "1"}), 401, "not_authenticated")


# --- Failures of ours -----------------------------------------------------------------------------------
def test_a_failure_names_the_request_and_nothing_else(fail):
    answer = fail(RuntimeError("the secret"))
    assert_error(answer, 500, "error", meta={"request_id": "proxy-id_7"})
    assert b"secret" not in answer.content
    assert answer["X-Request-ID"] == "proxy-id_7"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_failure_still_reaches_the_error_reports(api, monkeypatch):
    def fail(view, request):
        raise RuntimeError("the secret")

    monkeypatch.setattr(VIEW, fail)
    with pytest.raises(RuntimeError, match="the secret"):
        api.get(ME)


def test_a_database_that_is_away_is_told_as_busy(fail):
    answer = fail(OperationalError(2006, "gone away"))
    assert_error(answer, 503, "unavailable", meta={"request_id": "proxy-id_7"})
    assert int(answer["Retry-After"]) > 0
    assert b"gone" not in answer.content


@pytest.mark.parametrize(
    "args", [(1452, "Cannot add or update a child row"), ("FOREIGN KEY constraint failed",)]
)
def test_a_row_that_points_to_one_deleted_meanwhile_is_tried_again(fail, args):
    assert_error(fail(IntegrityError(*args)), 503, "unavailable", meta={"request_id": "proxy-id_7"})


def test_any_other_broken_constraint_is_our_mistake(fail):
    assert fail(IntegrityError(1062, "Duplicate entry")).status_code == 500


def test_a_database_that_goes_away_while_one_signs_in_is_told_as_busy(api):
    def refuse(*args):
        raise OperationalError(2006, "gone away")

    api.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        assert api.get(ME).status_code == 503


# --- Languages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ko"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("fr, en;q=0.5", "en"),
        ("fr", "ko"),
        ("*", "ko"),
        ("garbage;;q=,", "ko"),
    ],
)
def test_errors_are_in_korean_unless_english_is_asked_for(korean, header, language):
    answer = korean.get(ME, **({} if header is None else {"HTTP_ACCEPT_LANGUAGE": header}))
    detail = assert_error(answer, 401, "not_authenticated")
    if language == "ko":
        assert re.search("[가-힣]", detail)
    else:
        assert detail == "Authentication credentials were not provided."
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_codes_are_the_same_in_both_languages(korean, anonymous):
    assert codes(korean.post(LOGIN, {})) == codes(anonymous.post(LOGIN, {}))
    assert korean.post(LOGIN, {}).content != anonymous.post(LOGIN, {}).content


def test_korean_is_sent_as_it_is_written(korean):
    assert re.search("[가-힣]", korean.get(ME).content.decode())
