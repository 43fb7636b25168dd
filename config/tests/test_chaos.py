"""What is acknowledged survives: a worker, the database and the storage are killed amid writes.

CHAOS_WRITES (80) is how many are written each time. `make chaos` prints the figures of docs/reliability.md.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.tests.factories import PASSWORD
from api.tests.helpers import make_picture
from config.tests.site import MARIADB, REDIS, Database, Redis, Site

pytestmark = [
    pytest.mark.server,
    pytest.mark.django_db,  # whose tables are copied; nothing is written there
    pytest.mark.skipif(not (MARIADB and REDIS), reason="needs mariadbd and redis-server"),
]
WRITES = int(os.environ.get("CHAOS_WRITES") or 80)
API = "/api/v1"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Database]:
    """A server of our own, with the tables of the tests' database."""
    server = Database(tmp_path_factory.mktemp("database"))
    server.start()
    settings = connection.settings_dict
    dump = [
        shutil.which("mariadb-dump") or "mysqldump",
        "--skip-comments",
        f"--host={settings['HOST'] or '127.0.0.1'}",
    ]
    dump += [f"--port={settings['PORT'] or 3306}", f"--user={settings['USER']}", settings["NAME"]]
    secret = os.environ | {"MYSQL_PWD": settings["PASSWORD"]}
    tables = subprocess.run(dump, env=secret, check=True, capture_output=True).stdout  # noqa: S603
    rows(server, "CREATE DATABASE madang CHARACTER SET utf8mb4")
    client = [
        shutil.which("mariadb") or "mysql",
        "--host=127.0.0.1",
        f"--port={server.port}",
        "--user=root",
        "madang",
    ]
    subprocess.run(client, input=tables, check=True)  # noqa: S603
    yield server
    server.kill()


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def site(database: Database, media: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    redis.start()
    throttles = ("SIGNUP", "POST", "COMMENT", "MESSAGE", "LIKE", "MEDIA")
    server = Site(
        DATABASE_URL=f"mysql://root@127.0.0.1:{database.port}/madang",
        CACHE_URL=redis.url,
        TASKS_BACKEND="database",
        MEDIA_ROOT=str(media),
        **{f"THROTTLE_{name}": "off" for name in throttles},
    )
    server.manage("import_schools")
    server.start()
    yield server
    server.stop()
    redis.kill()


def rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    import MySQLdb

    db = MySQLdb.connect(
        host="127.0.0.1", port=database.port, user="root", charset="utf8mb4", autocommit=True
    )
    try:
        if not statement.startswith("CREATE"):
            db.select_db("madang")
        with db.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())
    finally:
        db.close()


# --- People who write ---------------------------------------------------------------------------------
@dataclass
class Person:
    """Signed in, and sends what they write again until somebody answers; or once, without a key."""

    site: Site
    headers: dict[str, str]
    patient: bool = True
    statuses: Counter[Any] = field(default_factory=Counter)

    def write(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """The answer of 2xx; None where there was none."""
        key = {"Idempotency-Key": uuid4().hex} if self.patient else {}
        for _ in range(300 if self.patient else 1):
            try:
                status, answer = self.site.ask(method, f"{API}/{path}", body, **self.headers, **key)
            except (OSError, HTTPException):
                status, answer = "no answer", None
            self.statuses[status] += 1
            if isinstance(status, int) and status < 300:
                return answer
            assert status in ("no answer", 502, 503), (status, answer)
            time.sleep(random.uniform(0.05, 0.2))
        return None


@dataclass
class Campus:
    site: Site
    database: Database
    people: list[Person]
    board: int
    post: int


@pytest.fixture(scope="module")
def campus(site: Site, database: Database) -> Campus:
    people = [Person(site, site.sign_up(number)) for number in range(8)]
    board = people[0].write("POST", "boards/", {"category": "club", "name": "고래부"})["id"]
    post = people[0].write("POST", "posts/", {"board": board, "title": "첫 글", "content": "내용"})["id"]
    return Campus(site, database, people, board, post)


@dataclass
class Sent:
    """What was written: each text, and the id that was answered, or None."""

    posts: dict[str, int | None] = field(default_factory=dict)
    comments: dict[str, int | None] = field(default_factory=dict)
    messages: dict[str, int | None] = field(default_factory=dict)
    likes: dict[int, bool] = field(default_factory=dict)


def write_many(campus: Campus, breakage: Callable[[], None], *, patient: bool = True) -> Sent:
    """Everybody writes at once, WRITES in all; when a third has been written, something breaks."""
    sent = Sent()
    for person in campus.people:
        person.patient = patient
        person.statuses.clear()
    done = 0

    def write(number: int) -> None:
        nonlocal done
        person = campus.people[number % len(campus.people)]
        text = f"글 {number} {uuid4().hex}"
        match number % 4:
            case 0:
                made = person.write("POST", "posts/", {"board": campus.board, "title": text, "content": text})
                sent.posts[text] = made and made["id"]
            case 1:
                made = person.write("POST", f"posts/{campus.post}/comments/", {"content": text})
                sent.comments[text] = made and made["id"]
            case 2:
                body = {"post": campus.post, "content": text, "is_anonymous": True}
                made = person.write("POST", "messages/", body) if number % 8 else None
                sent.messages[text] = made and made["id"]
            case _:
                mine = number % len(campus.people)
                liked = person.write("PUT", f"posts/{campus.post}/like/", {}) if mine else None
                sent.likes[mine] = sent.likes.get(mine, False) or liked is not None
        done += 1
        if done == WRITES // 3:
            breakage()

    with ThreadPoolExecutor(len(campus.people)) as threads:
        list(threads.map(write, range(WRITES)))
    return sent


def assert_whole(campus: Campus, sent: Sent) -> dict[str, int]:
    """Every acknowledged write is there once, the others once or not at all, and none is half there."""
    figures = Counter[str]()
    for table, texts in (("post", sent.posts), ("comment", sent.comments), ("message", sent.messages)):
        found = Counter(text for (text,) in rows(campus.database, f"SELECT content FROM board_{table}"))  # noqa: S608
        ids = {pk for (pk,) in rows(campus.database, f"SELECT id FROM board_{table}")}  # noqa: S608
        for text, pk in texts.items():
            figures["acknowledged"] += pk is not None
            figures["lost"] += pk is not None and (found[text] == 0 or pk not in ids)
            figures["doubled"] += found[text] > 1
            figures["kept without an answer"] += pk is None and found[text] == 1
    assert figures["lost"] == figures["doubled"] == 0, figures
    # What belongs to a row is in its transaction: grams by which a post is found, a label, news of a comment.
    half = [
        "SELECT id FROM board_post WHERE id NOT IN (SELECT post_id FROM board_postgram)",
        "SELECT post_id FROM board_postgram WHERE post_id NOT IN (SELECT id FROM board_post)",
        "SELECT id FROM board_comment WHERE is_anonymous AND alias_number IS NULL",
        "SELECT id FROM board_conversation WHERE id NOT IN (SELECT conversation_id FROM board_message)",
    ]
    assert [rows(campus.database, statement) for statement in half] == [[]] * len(half)
    queued = {
        args
        for (args,) in rows(
            campus.database,
            "SELECT JSON_VALUE(args_kwargs, '$.args[0]') FROM django_tasks_database_dbtaskresult "
            "WHERE task_path LIKE '%tell_of_comment'",
        )
    }
    assert queued == {str(pk) for (pk,) in rows(campus.database, "SELECT id FROM board_comment")}
    assert "mended" in (counted := campus.site.manage("reconcile_counters"))
    assert {line.split(": ")[1] for line in counted.splitlines()} == {"0 mended"}
    return dict(figures)


def report(what: str, campus: Campus, figures: dict[str, int], **more: Any) -> None:
    statuses = sum((person.statuses for person in campus.people), Counter())
    print(f"\n{what}: {dict(figures)} {more} answers: {dict(sorted(statuses.items(), key=str))}")


# --- What breaks ----------------------------------------------------------------------------------------
def test_workers_that_are_killed_lose_and_double_nothing(campus):
    def kill_one() -> None:
        os.kill(random.choice(campus.site.workers()), signal.SIGKILL)

    def kill_all() -> None:
        for pid in campus.site.workers():
            os.kill(pid, signal.SIGKILL)

    sent = write_many(campus, kill_one)
    assert None not in [*sent.posts.values(), *sent.comments.values()]
    assert campus.site.seconds_until_ready() is not None
    report("a worker killed, with keys", campus, assert_whole(campus, sent))

    sent = write_many(campus, kill_all, patient=False)
    seconds = campus.site.seconds_until_ready()
    report("all workers killed, without keys", campus, assert_whole(campus, sent), seconds=seconds)


def test_a_database_that_is_killed_and_comes_back_has_every_answered_write(campus):
    back: list[float] = []

    def kill() -> None:
        campus.database.kill()
        Timer(2, start).start()

    def start() -> None:
        campus.database.start()
        back.append(time.monotonic())

    sent = write_many(campus, kill)
    assert None not in [*sent.posts.values(), *sent.comments.values()]
    statuses = sum((person.statuses for person in campus.people), Counter())
    assert statuses[503] > 0
    report("database killed", campus, assert_whole(campus, sent))
    assert campus.site.ask("GET", f"{API}/schools/")[0] == 200


def test_while_the_database_is_gone_every_answer_says_so(campus):
    campus.database.kill()
    try:
        headers = campus.people[0].headers
        for method, path in [
            ("GET", f"{API}/posts/"),
            ("GET", f"{API}/schools/"),
            ("POST", f"{API}/auth/login/"),
            ("PUT", f"{API}/posts/{campus.post}/like/"),
        ]:
            status, body = campus.site.ask(
                method, path, {"username": "person_1", "password": PASSWORD}, **headers
            )
            assert (status, body["errors"][0]["code"]) == (503, "unavailable"), (path, body)
        assert campus.site.ask("GET", "/healthz")[0] == 200
        assert campus.site.ask("GET", "/readyz")[0] == 503
    finally:
        campus.database.start()
    assert campus.site.seconds_until_ready() is not None


def test_pictures_amid_a_storage_that_vanishes_are_whole_or_refused(campus, media):
    kept: list[str] = []
    statuses = Counter[Any]()
    form = (
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + make_picture() + b"\r\n--x--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    def upload(number: int) -> None:
        if number == 10:
            media.rename(f"{media}.away")
            media.touch()  # root may write into any folder, and nobody into a file as if it were one
        if number == 40:
            media.unlink()
            Path(f"{media}.away").rename(media)
        headers = campus.people[number % 8].headers | kind
        status, body = campus.site.ask("POST", f"{API}/media/", form, **headers)
        statuses[status] += 1
        if status == 201:
            kept.append(body["id"])
        else:
            assert (status, body["errors"][0]["code"]) == (503, "storage_unavailable"), body

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upload, range(60)))
    assert set(statuses) == {201, 503}
    stored = rows(campus.database, "SELECT id, image FROM board_postmedia")
    assert {UUID(pk) for pk, _name in stored} == {UUID(pk) for pk in kept}
    assert all((media / name).is_file() for _pk, name in stored)
    print(f"\nstorage gone: {dict(statuses)}, {len(stored)} pictures kept")
