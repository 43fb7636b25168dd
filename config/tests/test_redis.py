"""Two processes and a real Redis: what is limited is limited in both, and goes on when Redis is gone."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from api.cache import REST
from config.tests.site import REDIS, Redis, Site, free_port

pytestmark = [
    pytest.mark.sqlite,  # which database is behind it makes no difference
    pytest.mark.skipif(REDIS is None, reason="needs redis-server"),
]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def started(redis: Redis) -> Redis:
    """Redis, whatever the test before did to it."""
    if redis.process is None:
        redis.start()
    return redis


@pytest.fixture(scope="module")
def metrics() -> int:
    """The port of the site's metrics."""
    return free_port()


@pytest.fixture(scope="module")
def site(redis: Redis, metrics: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    server = Site(
        DATABASE_URL=f"sqlite:///{tmp_path_factory.mktemp('site') / 'db.sqlite3'}",
        CACHE_URL=redis.url,
        METRICS_PORT=str(metrics),
        THROTTLE_AVAILABILITY="20/hour",
        THROTTLE_LOGIN="1000/min",
    )
    server.manage("migrate", "--verbosity", "0")
    server.manage("import_schools")
    server.start()
    yield server
    server.stop()


def test_a_rate_holds_across_both(site: Site) -> None:
    path = "/api/v1/auth/availability/?username=newcomer"
    assert site.many(50, "GET", path) == {200: 20, 429: 30}


def test_the_metrics_add_up_what_both_answered(site: Site, metrics: int) -> None:
    site.many(20, "GET", "/api/v1/schools/")
    connection = HTTPConnection("127.0.0.1", metrics, timeout=30)
    connection.request("GET", "/metrics")
    counted = 'madang_request_seconds_count{method="GET",route="api/v1/schools/",status="200"} 20.0'
    assert counted in connection.getresponse().read().decode()
    connection.close()
    assert site.ask("GET", "/metrics")[0] == 404


def test_no_answer_of_gunicorn_names_a_version_or_what_it_runs_on(site: Site) -> None:
    """Django's test client knows no Server header: it is gunicorn that writes it, its name and no more."""
    for method, path in (
        ("GET", "/healthz"),
        ("GET", "/api/v1/schools/"),
        ("GET", "/api/v1/nothing/"),
        ("GET", "/admin/login/"),
        ("GET", "/" + "x" * 9000),  # gunicorn itself refuses this one
        ("BAD METHOD", "/"),
    ):
        with socket.create_connection(("127.0.0.1", site.port), 30) as connection:
            request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 "), (path, head)
        headers = {line.partition(b":")[0].lower(): line for line in head.split(b"\r\n")[1:]}
        assert headers.get(b"server", b"Server: gunicorn") == b"Server: gunicorn", head
        assert not {b"x-powered-by", b"via"} & set(headers), head
        for told in (b"Traceback", b"Python/", b"Django/", b"gunicorn/"):
            assert told not in head + body, (path, head, body[:500])


def test_an_upload_that_is_refused_unread_gets_its_answer(site: Site) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for size in (1024, 300 * 1024, 8 * 1024 * 1024):
        statuses = [site.ask("POST", "/api/v1/media/", b"x" * size, **form)[0] for _ in range(10)]
        assert statuses == [401] * 10, size


def test_so_does_the_lock_out(site: Site) -> None:
    body = {"username": "nobody_at_all", "password": "wrong-horse-7"}
    assert site.many(30, "POST", "/api/v1/auth/login/", body) == {401: 10, 429: 20}


def test_when_redis_is_gone_the_api_answers_on_and_still_counts(site: Site, redis: Redis) -> None:
    redis.kill()
    assert site.ask("GET", "/api/v1/schools/")[0] == 200
    assert site.ask("GET", "/readyz") == (
        200,
        {"status": "degraded", "checks": {"database": True, "cache": False, "migrations": True}},
    )
    body = {"username": "another_nobody", "password": "wrong-horse-7"}
    statuses = site.many(40, "POST", "/api/v1/auth/login/", body)
    # Each of the two counts by itself.
    assert set(statuses) == {401, 429}
    assert 10 <= statuses[401] <= 20


def test_writes_go_on_without_redis_and_nobody_restarts_anything_when_it_is_back(
    site: Site, started: Redis
) -> None:
    people = [site.sign_up(number) for number in range(4)]
    board = write(site, people[0], "POST", "boards/", {"category": "club", "name": "고래부"})["id"]
    started.kill()
    text = {"title": "제목", "content": "내용"}
    posts = [write(site, person, "POST", "posts/", {"board": board} | text)["id"] for person in people]
    for person in people:
        for post in posts:
            write(site, person, "POST", f"posts/{post}/comments/", {"content": f"댓글 {post}"})
    for post in posts[1:]:
        write(site, people[0], "PUT", f"posts/{post}/like/", {})
    assert site.ask("GET", "/readyz")[1]["checks"]["cache"] is False

    started.start()
    ready = {"database": True, "cache": True, "migrations": True}
    assert site.ask("GET", "/readyz") == (200, {"status": "ok", "checks": ready})
    time.sleep(REST + 1)  # for so long each process leaves it alone
    # It kept nothing, so it begins at 0: what the two still counted by themselves would be too many.
    assert site.many(50, "GET", "/api/v1/auth/availability/?username=newcomer") == {200: 20, 429: 30}
    write(site, people[0], "PUT", f"posts/{posts[1]}/like/", {})
    assert {line.split(": ")[1] for line in site.manage("reconcile_counters").splitlines()} == {"0 mended"}
    page = site.ask("GET", f"/api/v1/posts/?board={board}", **people[0])[1]["results"]
    assert [(post["comment_count"], post["like_count"]) for post in page] == [(4, 1)] * 3 + [(4, 0)]


def write(site: Site, person: dict[str, str], method: str, path: str, body: dict[str, Any]) -> Any:
    """The answer, which says that it was done."""
    status, answer = site.ask(method, f"/api/v1/{path}", body, **person)
    assert status in (200, 201), (path, answer)
    return answer
