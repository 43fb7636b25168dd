"""`manage.py doctor`: each thing that can be wrong is told apart, with what to do."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.tests.factories import StaffFactory, UserFactory
from config.doctor import Finding, examine, inside, ok, wrong
from config.doctor.mail import look_at_mail
from config.tests.site import free_port

pytestmark = pytest.mark.django_db


def only(findings: Iterator[Finding]) -> tuple[str, str]:
    (finding,) = findings
    return finding.state, finding.text


# --- The whole ------------------------------------------------------------------------------------------
def test_what_stands_on_something_wrong_is_left_out_and_the_rest_goes_on():
    def fail() -> Iterator[Finding]:
        yield ok("second", "so far")
        raise OperationalError(1045, "password: hunter2")

    layers = (
        ("first", "", lambda: iter([wrong("first", "broken")])),
        ("on it", "first", lambda: iter([ok("on it", "never asked")])),
        ("on that", "on it", lambda: iter([ok("on that", "never asked")])),
        ("second", "", fail),
        ("third", "", lambda: iter([ok("third", "fine")])),
    )
    found = [(finding.layer, finding.state, finding.text) for finding in examine(layers)]
    assert found == [
        ("first", "wrong", "broken"),
        ("on it", "warning", "Not looked at: first is wrong."),
        ("on that", "warning", "Not looked at: on it is wrong."),
        ("second", "ok", "so far"),
        ("second", "wrong", "Can't be looked at: django.db.utils.OperationalError."),
        ("third", "ok", "fine"),
    ]


def test_the_command_ends_with_1_where_something_is_wrong(capsys, stored, monkeypatch):
    call_command("doctor")
    assert "WRONG" not in capsys.readouterr().out
    monkeypatch.setattr(inside, "LAYERS", (("disk", "", lambda: iter([wrong("disk", "full")])),))
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)[0] == {"layer": "disk", "state": "wrong", "text": "full"}


def test_a_url_that_is_none_is_refused():
    with pytest.raises(CommandError, match="looks like https://"):
        call_command("doctor", "--url", "ftp://somewhere")


# --- The database ---------------------------------------------------------------------------------------
@pytest.fixture
def as_user(monkeypatch):
    """`as_user(name, grant)`: connects as another user of the server, with these rights on the database."""
    MySQLdb = pytest.importorskip("MySQLdb")  # noqa: N806
    made: list[str] = []
    settings_dict = connection.settings_dict
    access = {"host": settings_dict["HOST"] or "127.0.0.1", "port": int(settings_dict["PORT"] or 3306)}
    root = MySQLdb.connect(user=settings_dict["USER"], password=settings_dict["PASSWORD"], **access)

    def connect(name: str, grant: str, password: str) -> None:
        name = f"{name}_{settings_dict['NAME'][-8:]}"
        root.query(f"CREATE USER '{name}' IDENTIFIED BY 'right'")
        made.append(name)
        if grant:
            root.query(f"GRANT {grant} ON `{settings_dict['NAME']}`.* TO '{name}'")
        connection.close()
        monkeypatch.setitem(settings_dict, "USER", name)
        monkeypatch.setitem(settings_dict, "PASSWORD", password)

    yield connect
    connection.close()
    monkeypatch.undo()
    for name in made:
        root.query(f"DROP USER '{name}'")
    root.close()


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("grant", "password", "says"),
    [
        ("ALL", "wrong", "refuses the password"),
        ("", "right", "has no rights on the database"),
    ],
)
def test_a_user_who_may_not_come_in_is_told_why(as_user, grant, password, says):
    as_user("doctor", grant, password)
    state, text = only(inside.look_at_database())
    assert (state, says in text) == ("wrong", True), text


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("grant", "lacks"),
    [
        ("SELECT, INSERT, UPDATE, DELETE", "CREATE"),
        ("CREATE, DROP, INDEX, INSERT, SELECT, UPDATE, DELETE", "ALTER"),
    ],
)
def test_a_right_that_is_missing_is_named(as_user, grant, lacks):
    as_user("doctor", grant, "right")
    state, text = next(iter([(one.state, one.text) for one in inside.look_at_rights()]))
    assert (state, f"lacks {lacks}" in text, "GRANT ALL" in text) == ("wrong", True, True), text


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("PORT", "1", "can't be reached"),
        ("HOST", "no-such-host.invalid", "can't be reached"),
        ("NAME", "there_is_none", "There is no database"),
    ],
)
def test_a_server_or_database_that_is_not_there_is_told(monkeypatch, setting, value, says):
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, setting, value)
        state, text = only(inside.look_at_database())
        connection.close()
    assert (state, says in text) == ("wrong", True), text


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_another_character_set_is_wrong():
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE `{name}` CHARACTER SET latin1")
        connection.close()
    try:
        found = {finding.layer: finding for finding in inside.look_at_database()}
        assert found["database"].state == "wrong"
        assert "latin1" in found["database"].text
        assert found["clock"].state == "ok"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE `{name}` CHARACTER SET utf8mb4")


def test_migrations_that_have_not_run_and_those_of_a_newer_version_are_told(monkeypatch):
    assert only(inside.look_at_migrations())[0] == "ok"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = 'of_a_newer_version' WHERE app = 'sessions'")
    state, text = only(inside.look_at_migrations())
    assert (state, "manage.py migrate" in text) == ("wrong", True)
    MigrationRecorder(connection).record_applied("sessions", "0001_initial")
    assert only(inside.look_at_migrations())[0] == "warning"


# --- What else ------------------------------------------------------------------------------------------
def test_missing_schools_and_operators_are_named():
    assert [finding.state for finding in inside.look_at_data()] == ["warning", "warning"]
    StaffFactory(is_superuser=True)
    UserFactory()
    assert [finding.state for finding in inside.look_at_data()] == ["ok"]


def test_tasks_that_wait_or_failed_are_told(queued):
    def add(status: str, minutes: int) -> None:
        row = DBTaskResult.objects.create(
            status=status,
            args_kwargs={"args": [], "kwargs": {}},
            task_path="board.services.hot.rank",
            run_after=timezone.now() - timedelta(minutes=minutes),
            return_value=None,
            worker_ids=[],
        )
        DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(minutes=minutes))

    assert only(inside.look_at_tasks())[0] == "ok"
    add("READY", 1)
    assert only(inside.look_at_tasks())[0] == "ok"
    add("READY", 6)
    add("FAILED", 60)
    assert [finding.state for finding in inside.look_at_tasks()] == ["wrong", "warning"]


def with_cache(settings: Any, url: str) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "api.cache.RedisCache", "LOCATION": url, "OPTIONS": {"socket_timeout": 1}}
    }


def test_a_redis_that_is_not_there_or_refuses_is_told(settings):
    with_cache(settings, f"redis://127.0.0.1:{free_port()}/0")
    state, text = only(inside.look_at_cache())
    assert (state, "can't be reached" in text) == ("wrong", True)
    assert caches["default"].answers() is False


def test_a_memory_for_several_processes_is_told(monkeypatch):
    assert only(inside.look_at_cache())[0] == "ok"
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert only(inside.look_at_cache())[0] == "warning"


def test_a_storage_that_refuses_is_told(settings, tmp_path, dead_storage):
    states = {finding.text: finding.state for finding in inside.look_at_storage()}
    assert set(states.values()) == {"wrong"}
    assert any(text.startswith("Pictures") for text in states)
    assert any(text.startswith("Exports") for text in states)


@pytest.mark.parametrize(
    ("backend", "port", "says"),
    [
        ("django.core.mail.backends.console.EmailBackend", 25, "EMAIL_URL names no server"),
        ("django.core.mail.backends.smtp.EmailBackend", 1, "Nobody listens"),
    ],
)
def test_where_no_mail_can_leave_is_told(settings, backend, port, says):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = backend, "127.0.0.1", port
    state, text = only(look_at_mail())
    assert state == ("wrong" if "smtp" in backend else "warning")
    assert says in text
