"""Numbers for Prometheus: of requests from gunicorn's master, of the queue from a command."""

import re
import socket
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from api.throttling import ActionThrottle
from config import gunicorn
from config.management.commands.serve_metrics import DatabaseCollector
from config.tests.world import make_world
from conftest import Client

LABEL = re.compile(r'(?:route|method)="([^"]*)"')
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


def test_a_request_is_counted_by_its_route(api, user):
    labels = {"method": "GET", "route": "api/v1/users/me/"}
    before = [
        value("madang_request_seconds_count", **labels, status="200"),
        value("madang_request_queries_count", **labels),
    ]
    assert api.get("/api/v1/users/me/").status_code == 200
    assert [
        value("madang_request_seconds_count", **labels, status="200"),
        value("madang_request_queries_count", **labels),
    ] == [number + 1 for number in before]


def test_no_label_is_anybodys_choice():
    world = make_world()
    client = Client(world.user)
    for path in (f"posts/{world.post.pk}/", "shared-timetables/a-secret-link-0123/", "nothing/at/all/"):
        client.get(f"/api/v1/{path}?search=비밀")
    client.generic("INVENTED", "/api/v1/posts/")
    text = generate_latest(REGISTRY).decode()
    labels = {
        label for line in text.splitlines() for label in re.findall(r'(?:route|method)="([^"]*)"', line)
    }
    assert {"api/v1/posts/<int:pk>/", "unknown", "other"} <= labels
    assert not [label for label in labels if "secret" in label or re.search(r"/\d+/", label)]
    assert "INVENTED" not in text


def test_who_comes_too_often_is_counted_by_the_code(anonymous, monkeypatch):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "availability", "1/min")
    labels = {"route": "api/v1/auth/availability/", "code": "throttled"}
    before = value("madang_refused_total", **labels)
    statuses = [anonymous.get("/api/v1/auth/availability/?username=minji").status_code for _try in range(3)]
    assert statuses == [200, 429, 429]
    assert value("madang_refused_total", **labels) == before + 2


def test_a_port_that_is_taken_keeps_nobody_from_serving(monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    told: list[str] = []
    server = SimpleNamespace(log=SimpleNamespace(error=lambda text, *args: told.append(text % args)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(gunicorn, "_metrics_port", taken.getsockname()[1])
        gunicorn.when_ready(server)
    assert "Address already in use" in told[0]


def test_the_queue_is_told_by_its_states(queued, user):
    world = make_world()
    Client(world.second).post(f"/api/v1/posts/{world.named_post.pk}/comments/", {"content": "질문"})
    waiting = DBTaskResult.objects.filter(status="READY").count()
    assert waiting
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    assert registry.get_sample_value("madang_database_up") == 1
    assert registry.get_sample_value("madang_tasks", {"status": "ready"}) == waiting
    assert registry.get_sample_value("madang_task_wait_seconds") > 0


def test_a_database_that_does_not_answer_is_told(monkeypatch):
    def down(self):
        raise OperationalError(2002, "can't connect")

    monkeypatch.setattr(DatabaseCollector, "tasks", down)
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    assert registry.get_sample_value("madang_database_up") == 0
