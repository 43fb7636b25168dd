"""What a server's log holds: enough to find a fault, and nothing about who did or wrote what."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError

from accounts.models import Session
from accounts.tests.factories import PASSWORD
from board.services import notifications
from board.views.posts import PostViewSet
from config.tests.test_non_interference import ACTIONS, usual_acts, variants, who_can
from config.tests.test_permission_matrix import MATRIX
from config.tests.world import World, make_world, undone
from conftest import Client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


def test_a_request_is_a_line_with_its_id_and_what_it_took(api, lines):
    answer = api.get("/api/v1/schools/?search=비밀")
    (line,) = lines()
    assert line.pop("ms") >= line.pop("sql_ms") > 0
    assert line.pop("time").endswith("Z")
    assert line.pop("queries") > 0
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "madang.requests",
        "request_id": answer["X-Request-ID"],
        "method": "GET",
        "route": "api/v1/schools/",
        "status": 200,
    }


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/here/", "/비밀", "/api/v1/shared-timetables/secretlink123456/"]
)
def test_a_path_is_never_logged(anonymous, lines, path):
    assert anonymous.get(path).status_code == 404
    (line,) = lines()
    assert line["route"] in ("unknown", "api/v1/shared-timetables/<slug:token>/")


def test_the_health_paths_are_not_logged(anonymous, lines):
    anonymous.get("/readyz")
    assert lines() == []


def fail(*args: Any, **options: Any) -> None:
    try:
        raise IntegrityError(1062, "Duplicate entry '비밀' for key 'name'")
    except IntegrityError as error:
        raise ValueError("비밀") from error


def test_a_fault_is_told_by_its_places_and_without_values(user, lines, monkeypatch):
    monkeypatch.setattr(PostViewSet, "get_queryset", fail)
    answer = Client(user, raise_request_exception=False).get("/api/v1/posts/?search=비밀")
    assert answer.status_code == 500
    fault, request = lines()
    assert fault["level"] == "error"
    assert fault["event"].endswith("when you report it.")
    assert fault["request_id"] == request["request_id"] == answer.json()["errors"][0]["meta"]["request_id"]
    assert fault["route"] == request["route"] == "api/v1/posts/"
    outer, inner = fault["exception"]
    assert outer["type"] == "builtins.ValueError"
    assert (inner["type"], inner["number"]) == ("django.db.utils.IntegrityError", 1062)
    assert outer["at"][-1].startswith("config/tests/test_logs.py:")
    assert outer["at"][-1].endswith(" fail")
    assert "비밀" not in json.dumps(lines(), ensure_ascii=False)


@pytest.mark.django_db(transaction=True)  # so that it is queued within the request
def test_a_request_says_which_task_it_queued_and_the_task_why_it_failed(user, lines, monkeypatch):
    world = make_world()
    monkeypatch.setattr(notifications, "notify", fail)
    answer = Client(world.second).post(f"/api/v1/posts/{world.named_post.pk}/comments/", {"content": "비밀"})
    assert answer.status_code == 201
    told = lines()
    assert "비밀" not in json.dumps(told, ensure_ascii=False)
    (failed,) = (line for line in told if line["level"] == "error")
    task = failed["event"].split()[1]
    (queued,) = (line for line in told if task in line["event"] and "enqueued" in line["event"])
    assert queued["request_id"] == answer["X-Request-ID"]
    assert failed["exception"][1]["number"] == 1062
    assert failed["task"] == "board.services.notifications.tell_of_comment"


# --- A full run -----------------------------------------------------------------------------------------
def strings(value: Any) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def who_and_what(world: World) -> set[str]:
    """Everybody there is."""
    named: set[str] = set()
    for person in [*world.people.values(), world.owner, world.second]:
        if person is not None:
            named |= {str(person.pk), person.pk.hex, person.username, person.email, person.nickname}
    return named | {str(pk) for pk in Session.objects.values_list("pk", flat=True)}


def test_the_log_of_a_full_run_names_nobody_and_holds_nothing_that_was_sent(lines):
    world = make_world()
    actors = {who_can(action) for action in ACTIONS} - {""}
    clients = {actor: Client(world.people[actor]) for actor in actors}
    secret = who_and_what(world) | {
        client._credentials["HTTP_AUTHORIZATION"][7:] for client in clients.values()
    }
    asked = set()
    for action in filter(who_can, ACTIONS):
        for act in (*usual_acts(world, *action), *variants(world, *action)):
            with undone():
                answer = act.by(clients[who_can(action)])
            asked.add(answer["X-Request-ID"])
            secret |= {text for text in strings(act.body) if not text.isascii()}
    body = {"username": "owner", "password": PASSWORD}
    tokens = Client().post("/api/v1/auth/login/", body).json()
    Client().post("/api/v1/auth/login/", body | {"password": "Wr0ng-guess-9"})
    Client().post("/api/v1/auth/password/reset/", {"email": world.owner.email})
    secret |= {tokens["access"], tokens["refresh"], PASSWORD, "Wr0ng-guess-9"}
    told = lines()
    assert asked <= {line.get("request_id") for line in told if line["event"] == "request"}
    text = json.dumps(told, ensure_ascii=False)
    codes = {code for sent in mail.outbox for code in CODE.findall(sent.body)}
    assert codes
    # Short names such as "user" stand in routes and in the names of loggers.
    names = {one for one in secret | codes if len(one) > 8 or one.isdigit() or not one.isascii()}
    assert {world.owner.email, str(world.owner.pk)} <= names
    assert not {one for one in names if one in text}
    assert len(asked) > len(MATRIX) / 2
