"""What a server's log holds of what was refused or failed, and of what others than we write into it."""

import json
import logging
import socket
import sys
import threading
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client as Browser
from gunicorn.http import errors
from gunicorn.workers import base

from accounts.tests.factories import PASSWORD
from api.tests.helpers import work
from api.throttling import ActionThrottle
from config.logs import tell_uncaught
from config.tests.test_logs import fail
from conftest import Client

LOGIN = "/api/v1/auth/login/"


class Refusing(BaseEmailBackend):
    """A mail server that says in its refusal whom it does not know."""

    def send_messages(self, messages: Any) -> int:
        address = messages[0].to[0]
        raise SMTPRecipientsRefused({address: (550, f"No such user: {address}".encode())})


@pytest.fixture
def refusing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


@pytest.mark.django_db(transaction=True)  # so that the mail is tried within the request
def test_what_is_refused_or_fails_is_told_by_its_code_alone(user, lines, monkeypatch, refusing):
    client = Client(raise_request_exception=False)
    body = {"username": user.username, "password": "Wr0ng-guess-9"}
    locked_out = [client.post(LOGIN, body) for _try in range(11)][-1]
    mail_failed = client.post("/api/v1/auth/password/reset/", {"email": user.email})
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "login", "1/min")
    throttled = [client.post(LOGIN, body) for _try in range(2)][-1]
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "login", "1000/min")
    monkeypatch.setattr("accounts.views.auth.AuthViewSet.initial", fail)
    failed = client.post(LOGIN, body | {"password": PASSWORD})
    told = lines()
    requests = {line["request_id"]: line for line in told if line["event"] == "request"}
    for answer, status, code in (
        (locked_out, 429, "locked_out"),
        (mail_failed, 202, None),
        (throttled, 429, "throttled"),
        (failed, 500, "error"),
    ):
        line = requests[answer["X-Request-ID"]]
        assert (line["status"], line.get("code")) == (status, code)
    not_sent = [line for line in told if "SMTPRecipientsRefused" in line["event"]]
    assert {line["request_id"] for line in not_sent} == {mail_failed["X-Request-ID"]}
    text = json.dumps(told, ensure_ascii=False)
    of_people = (user.username, user.email, str(user.pk), user.pk.hex, user.nickname)
    assert not [one for one in (*of_people, "Wr0ng-guess-9", PASSWORD, "127.0.0.1") if one in text]


@pytest.mark.django_db(transaction=True)
def test_what_a_task_says_names_it_and_so_does_the_request_that_queued_it(user, lines, queued, refusing):
    answer = Client().post("/api/v1/auth/password/reset/", {"email": user.email})
    work()
    told = lines()
    (not_sent,) = (line for line in told if "SMTPRecipientsRefused" in line["event"])
    assert not_sent["task"] == "accounts.services.mail.send_code"
    first, again = (line for line in told if "enqueued" in line["event"])
    assert f"id={not_sent['task_id']} " in first["event"]
    assert first["request_id"] == answer["X-Request-ID"]
    # The second try is queued by the first.
    assert again["task_id"] == not_sent["task_id"]
    assert "task_id" not in told[-1]
    assert user.email not in json.dumps(told)


@pytest.mark.django_db
def test_what_is_said_after_a_request_is_not_about_it(api, lines):
    api.get("/api/v1/schools/")
    logging.getLogger("board.later").warning("Later.")
    request, later = lines()
    assert "request_id" in request
    assert not {"request_id", "route", "method"} & set(later)


@pytest.mark.django_db
def test_what_a_client_claims_of_itself_is_not_told(lines):
    browser = Browser(enforce_csrf_checks=True)
    browser.get("/api/v1/schools/", headers={"Host": "secret.example"})
    page = {"Referer": "https://other.example/admin/accounts/user/?q=secret", "X-Forwarded-Proto": "https"}
    browser.post("/admin/login/?next=/secret/", headers=page, secure=True)
    browser.post("/admin/login/", headers={"Origin": "https://secret.example"})
    assert [line.get("status") or line["event"] for line in lines()] == [
        400,
        "Referer checking failed - … does not match any trusted origins.",
        403,
        "Origin checking failed - … does not match any trusted origins.",
        403,
    ]
    assert "secret" not in json.dumps(lines())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.InvalidChunkSize(b"secret"), "Invalid request: Invalid chunk size"),
        (errors.InvalidRequestLine("POST /secret"), "Invalid request: Invalid HTTP request line"),
        (errors.InvalidHeaderName("secret"), "Invalid request: Invalid HTTP header name"),
        (ValueError("secret"), "Error handling request"),
    ],
)
def test_gunicorn_does_not_repeat_what_it_can_not_read_or_answer(lines, error, told, monkeypatch):
    # What it would hand to its log of accesses, which we have not.
    monkeypatch.setattr(base, "default_environ", lambda *args: {})
    monkeypatch.setattr(base, "Response", lambda *args: SimpleNamespace())
    logger = logging.getLogger("gunicorn.error")
    log = SimpleNamespace(warning=logger.warning, exception=logger.exception, access=lambda *args: None)
    worker: Any = SimpleNamespace(log=log, cfg=None)
    request = SimpleNamespace(uri="/api/v1/posts/?search=secret", method="GET")
    theirs, ours = socket.socketpair()
    with theirs, ours:
        try:
            raise error
        except Exception as caught:
            base.Worker.handle_error(worker, request, ours, ("203.0.113.77", 1), caught)
    assert [line["event"] for line in lines()] == [told]
    assert not [one for one in ("secret", "203.0.113") if one in json.dumps(lines())]


def test_an_error_as_a_message_is_not_told(lines):
    try:
        fail()
    except ValueError as error:
        logging.getLogger("somebody.elses").exception(error)
    assert lines()[0]["event"] == "…"
    assert lines()[0]["exception"][0]["type"] == "builtins.ValueError"


def test_what_nothing_catches_is_told_like_the_rest(lines, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    tell_uncaught()
    logging.captureWarnings(False)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    assert [line["exception"][1]["number"] for line in lines()] == [1062, 1062]
    assert "비밀" not in json.dumps(lines(), ensure_ascii=False)
