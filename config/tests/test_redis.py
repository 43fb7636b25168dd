"""Two processes and a real Redis: what is limited is limited in both, and goes on when Redis is gone."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REDIS = shutil.which("redis-server")
pytestmark = [
    pytest.mark.sqlite,  # which database is behind it makes no difference
    pytest.mark.skipif(REDIS is None, reason="needs redis-server"),
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    port = free_port()
    command = [str(REDIS), "--port", str(port), "--save", "", "--dir", str(tmp_path_factory.mktemp("redis"))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 (a server of our own)
    process.port = port  # type: ignore[attr-defined]
    yield process
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def metrics() -> int:
    """The port of its metrics."""
    return free_port()


@pytest.fixture(scope="module")
def site(redis: Any, metrics: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a gunicorn with two workers."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('site') / 'db.sqlite3'}",
        "CACHE_URL": f"rediscache://127.0.0.1:{redis.port}/0",
        "PORT": str(port),
        "METRICS_PORT": str(metrics),
        "WEB_CONCURRENCY": "2",
        "THROTTLE_AVAILABILITY": "20/hour",
        "THROTTLE_LOGIN": "1000/min",
        "PYTHONWARNINGS": "ignore",
    }
    python = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(python, cwd=ROOT, env=environment, check=True)  # noqa: S603
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
    for _ in range(200):
        try:
            if ask(port, "GET", "/readyz")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    yield port
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def many(number: int, *args: Any) -> Counter[int]:
    """How often each status is answered, asked from several threads at once."""
    with ThreadPoolExecutor(8) as threads:
        return Counter(status for status, _body in threads.map(lambda _n: ask(*args), range(number)))


def test_a_rate_holds_across_both(site: int) -> None:
    path = "/api/v1/auth/availability/?username=newcomer"
    assert many(50, site, "GET", path) == {200: 20, 429: 30}


def test_the_metrics_add_up_what_both_answered(site: int, metrics: int) -> None:
    many(20, site, "GET", "/api/v1/schools/")
    connection = HTTPConnection("127.0.0.1", metrics, timeout=30)
    connection.request("GET", "/metrics")
    counted = 'madang_request_seconds_count{method="GET",route="api/v1/schools/",status="200"} 20.0'
    assert counted in connection.getresponse().read().decode()
    connection.close()
    assert ask(site, "GET", "/metrics")[0] == 404


def test_so_does_the_lock_out(site: int) -> None:
    body = {"username": "nobody_at_all", "password": "wrong-horse-7"}
    assert many(30, site, "POST", "/api/v1/auth/login/", body) == {401: 10, 429: 20}


def test_when_redis_is_gone_the_api_answers_on_and_still_counts(site: int, redis: Any) -> None:
    redis.kill()
    redis.wait()
    assert ask(site, "GET", "/api/v1/schools/")[0] == 200
    assert ask(site, "GET", "/readyz") == (
        200,
        {"status": "degraded", "checks": {"database": True, "cache": False, "migrations": True}},
    )
    body = {"username": "another_nobody", "password": "wrong-horse-7"}
    statuses = many(40, site, "POST", "/api/v1/auth/login/", body)
    # Each of the two counts by itself.
    assert set(statuses) == {401, 429}
    assert 10 <= statuses[401] <= 20
