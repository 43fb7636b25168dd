import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from api.middleware import HealthMiddleware, PrivateCacheMiddleware

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"


# --- X-Request-ID -----------------------------------------------------------------------------------
@pytest.mark.parametrize("given", ["proxy-id_7", "a" * 64, "0f0e0d0c-0b0a-4908-8706-050403020100"])
def test_a_plain_request_id_is_kept(anonymous, given):
    assert anonymous.get(ROOT, HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "with space", "line\r\nbreak-it", "<script>alert", "마당마당마당"]
)
def test_any_other_request_id_is_replaced(anonymous, given):
    assert re.fullmatch("[0-9a-f]{32}", anonymous.get(ROOT, HTTP_X_REQUEST_ID=given)["X-Request-ID"])


def test_each_request_has_an_id_of_its_own(anonymous):
    assert anonymous.get(ROOT)["X-Request-ID"] != anonymous.get(ROOT)["X-Request-ID"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/nowhere/", "/api/v1/users/me/", "/docs/"])
def test_every_answer_carries_a_request_id(anonymous, path):
    assert anonymous.get(path)["X-Request-ID"]


def test_a_refused_host_is_answered_with_a_request_id(anonymous):
    assert anonymous.get(ROOT, HTTP_HOST="elsewhere.example")["X-Request-ID"]


def test_a_failure_outside_the_views_is_answered_with_a_request_id(anonymous, monkeypatch):
    def fail(request):
        raise RuntimeError

    monkeypatch.setitem(HealthMiddleware.PATHS, "/failing", fail)
    anonymous.raise_request_exception = False
    answer = anonymous.get("/failing", HTTP_X_REQUEST_ID="proxy-id_7")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] == "proxy-id_7"
    assert answer.json()["type"] == "server_error"
    assert answer.json()["errors"][0]["meta"] == {"request_id": "proxy-id_7"}


# --- Cache-Control ------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["users/me/", "schools/", "", "nowhere/"])
def test_answers_of_the_api_stay_out_of_shared_caches(api, path):
    assert api.get(ROOT + path)["Cache-Control"] == "private, no-store"


def test_errors_stay_out_of_shared_caches(anonymous):
    assert anonymous.get("/api/v1/users/me/")["Cache-Control"] == "private, no-store"


def test_a_view_can_choose_its_own_caching():
    chosen = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    answer = PrivateCacheMiddleware(lambda request: chosen)(RequestFactory().get(ROOT))
    assert answer["Cache-Control"] == "private, max-age=60"


def test_what_is_not_the_api_is_left_alone():
    answer = PrivateCacheMiddleware(lambda request: HttpResponse())(RequestFactory().get("/docs/"))
    assert "Cache-Control" not in answer
