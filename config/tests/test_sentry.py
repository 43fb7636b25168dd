"""What Sentry is told of a fault, if anything."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.files.uploadedfile import SimpleUploadedFile
from sentry_sdk.transport import Transport

from accounts.tests.factories import PASSWORD
from accounts.views.auth import AuthViewSet
from board.views.posts import PostViewSet
from config import sentry
from config.tests.test_logs import fail
from config.tests.world import PICTURE
from conftest import Client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DSN = "https://key@sentry.invalid/1"


class Told(Transport):
    """Keeps what would be sent."""

    sent: list[str] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.sent.append(envelope.serialize().decode())


@pytest.fixture
def told() -> Iterator[list[str]]:
    Told.sent = []
    sentry.start(DSN, release="abc1234", environment="test", transport=Told)
    yield Told.sent
    sentry_sdk.get_global_scope().set_client(None)


def event_of(envelope: str) -> dict[str, Any]:
    return json.loads(envelope.splitlines()[-1])


def test_a_fault_is_told_with_its_places_the_route_the_request_and_the_release(user, told, monkeypatch):
    monkeypatch.setattr(PostViewSet, "get_queryset", fail)
    answer = Client(user, raise_request_exception=False).get("/api/v1/posts/?search=비밀")
    (envelope,) = told
    event = event_of(envelope)
    assert event["tags"] == {
        "request_id": answer["X-Request-ID"],
        "method": "GET",
        "route": "api/v1/posts/",
    }
    assert (event["release"], event["transaction"]) == ("abc1234", "api/v1/posts/")
    inner, outer = event["exception"]["values"]
    assert (inner["type"], outer["type"]) == ("IntegrityError", "ValueError")
    frame = outer["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["module"]) == ("fail", "config.tests.test_logs")
    assert frame["context_line"].strip().startswith("raise ValueError")
    assert not {"user", "request", "breadcrumbs", "contexts", "extra", "server_name"} & set(event)


def test_nothing_of_a_request_is_told(user, told, monkeypatch):
    for view in (PostViewSet, AuthViewSet):
        monkeypatch.setattr(view, "initial", fail)
    client = Client(user, raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    client.cookies["sessionid"] = client.cookies["madang_refresh"] = "a-cookie-of-mine"
    headers = {"User-Agent": "Whale/1", "Cookie": "a=a-cookie-of-mine", "Idempotency-Key": "a-key-of-mine"}
    body = {"title": "고백합니다", "content": "아무도 모르게"}
    statuses = [
        client.post("/api/v1/posts/?search=찾는-말", body, headers=headers).status_code,
        client.post(
            "/api/v1/posts/", {"image": SimpleUploadedFile("얼굴.png", PICTURE)}, format="multipart"
        ).status_code,
        client.post("/api/v1/auth/login/", {"username": user.username, "password": PASSWORD}).status_code,
    ]
    assert statuses == [500, 500, 500]
    assert len(told) == 3
    text = json.dumps([event_of(envelope) for envelope in told], ensure_ascii=False) + "".join(told)
    token = client._credentials["HTTP_AUTHORIZATION"].split()[1]
    of_people = [str(user.pk), user.pk.hex, user.username, user.email, user.nickname, token, PASSWORD]
    of_requests = ["a-cookie-of-mine", "a-key-of-mine", "203.0.113.77", "Whale/1", "찾는-말", "얼굴"]
    of_texts = ["고백합니다", "아무도 모르게", "testserver"]
    assert not [one for one in (*of_people, *of_requests, *of_texts) if one in text]
    values = [error["value"] for envelope in told for error in event_of(envelope)["exception"]["values"]]
    assert set(values) == {""}


def test_a_number_of_the_database_is_told(told):
    try:
        raise OSError(28, "No space left on device", "/srv/media/비밀.png")
    except OSError:
        sentry_sdk.capture_exception()
    (error,) = event_of(told[0])["exception"]["values"]
    assert (error["type"], error["value"]) == ("OSError", "28")


def test_a_line_of_the_log_is_told_without_its_text(told):
    logging.getLogger("board.somewhere").error("Not kept: %s", "비밀")
    event = event_of(told[0])
    assert event["logentry"] == {"message": "logged by board.somewhere"}
    assert "비밀" not in json.dumps(event, ensure_ascii=False)


def test_without_a_dsn_nobody_is_told(user, monkeypatch):
    sentry.start("", release="abc1234", environment="test", transport=Told)
    assert not sentry_sdk.get_client().is_active()


def test_one_that_does_not_answer_changes_no_answer(user, monkeypatch):
    # A port that nobody listens at: the client's own thread finds that out, and drops what it has.
    sentry.start("http://key@127.0.0.1:9/1", release="abc1234", environment="test")
    monkeypatch.setattr(PostViewSet, "get_queryset", fail)
    client = Client(user, raise_request_exception=False)
    try:
        assert client.get("/api/v1/posts/").status_code == 500
        assert client.get("/api/v1/boards/").status_code == 200
    finally:
        sentry_sdk.get_client().close(timeout=0)
        sentry_sdk.get_global_scope().set_client(None)


def test_what_is_no_dsn_is_refused():
    assert sentry.is_dsn("")
    assert sentry.is_dsn(DSN)
    assert not sentry.is_dsn("sentry.io/1")
