"""What can be seen from where the application runs, with its own settings."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from redis.exceptions import AuthenticationError, NoPermissionError, ReadOnlyError, RedisError

from accounts.models import School
from api.cache import RedisCache
from config.database import find_problem
from config.doctor import Finding, ok, warning, wrong

IS_SERVER = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production")
# Tasks wait seconds where a worker runs. `retry_tasks` puts back after ten minutes what hangs.
LONG_WAIT = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(seconds=2)
LITTLE_ROOM = 1024**3


def look_at_settings() -> Iterator[Finding]:
    if not IS_SERVER:
        yield warning("settings", "These are development settings. On a server: config.settings.production.")
    found = checks.run_checks(include_deployment_checks=IS_SERVER)
    for message in found:
        yield wrong("settings", f"{message.msg} ({message.id})")
    if not found:
        yield ok("settings", os.environ.get("DJANGO_SETTINGS_MODULE", ""))


def look_at_database() -> Iterator[Finding]:
    if problem := find_problem():
        yield wrong("database", problem)
        return
    if connection.vendor != "mysql":
        yield ok("database", f"{connection.vendor}: for development.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION(), @@character_set_database, UTC_TIMESTAMP(6)")
        version, charset, now = cursor.fetchone()
    if charset == "utf8mb4":
        yield ok("database", f"{version} at {connection.settings_dict['HOST']}, {charset}")
    else:
        name = connection.settings_dict["NAME"]
        yield wrong(
            "database",
            f"Its character set is {charset}, which has no place for some letters and emoji. "
            f"ALTER DATABASE `{name}` CHARACTER SET utf8mb4, before the first migration.",
        )
    apart = abs(timezone.now().replace(tzinfo=None) - now)
    if apart > CLOCKS_MAY_DIFFER:
        yield wrong("clock", f"This machine and the database are {apart.total_seconds():.0f} s apart: NTP.")
    else:
        yield ok("clock", "This machine and the database agree.")


def look_at_rights() -> Iterator[Finding]:
    """By doing what migrations do, to a table of no use."""
    table = f"madang_doctor_{uuid4().hex[:8]}"
    steps = (
        ("CREATE, REFERENCES", f"CREATE TABLE {table} (id INT PRIMARY KEY, n INT)"),
        ("INDEX", f"CREATE INDEX {table}_n ON {table} (n)"),
        ("ALTER", f"ALTER TABLE {table} ADD COLUMN m INT NULL"),
        ("INSERT", f"INSERT INTO {table} VALUES (1, 2, 3)"),  # noqa: S608
        ("UPDATE", f"UPDATE {table} SET n = 3"),  # noqa: S608 (a name of our own)
        ("DELETE", f"DELETE FROM {table}"),  # noqa: S608
        ("DROP", f"DROP TABLE {table}"),
    )
    for right, statement in steps:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            if error.args[:1] not in ((1142,), (1044,), (1227,)):
                raise
            settings_dict = connection.settings_dict
            yield wrong(
                "rights",
                f"The user lacks {right}. As an administrator: "
                f"GRANT ALL ON `{settings_dict['NAME']}`.* TO {settings_dict['USER']!r}",
            )
            if right == "DROP":
                yield warning("rights", f"The table {table} was left behind: drop it.")
            return
    yield ok("rights", "Tables can be made, changed, written and dropped.")


def look_at_migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if waiting:
        yield wrong("migrations", f"{len(waiting)} have not run: manage.py migrate")
    elif unknown:
        yield warning("migrations", "The database has some of a newer version, which this one can bear.")
    else:
        yield ok("migrations", "All have run.")


def look_at_data() -> Iterator[Finding]:
    if not School.objects.exists():
        yield warning("data", "There are no schools: manage.py import_schools")
    if not get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
        yield warning("data", "There is no operator: manage.py createsuperuser")
    if School.objects.exists():
        yield ok("data", f"{School.objects.count()} schools")


def look_at_tasks() -> Iterator[Finding]:
    if settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend"):
        text = "Tasks run within requests (TASKS_BACKEND): what fails is lost."
        yield warning("tasks", text) if IS_SERVER else ok("tasks", text)
        return
    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - LONG_WAIT).count()
    failed = DBTaskResult.objects.failed().count()
    if late:
        yield wrong("tasks", f"{late} wait for longer than five minutes: does the worker run? (db_worker)")
    if failed:
        yield warning("tasks", f"{failed} failed: the worker's log says where. manage.py retry_tasks")
    if not late and not failed:
        yield ok("tasks", "None waits for long, and none failed.")


def look_at_cache() -> Iterator[Finding]:
    backend = caches["default"]
    if isinstance(backend, RedisCache):
        yield look_at_redis(backend)
    elif "locmem" in type(backend).__module__:
        several = int(os.environ.get("WEB_CONCURRENCY") or 1) > 1
        text = "This process's memory: limits count in each process. Set CACHE_URL for several."
        yield warning("cache", text) if several or IS_SERVER else ok("cache", text)
    else:
        try:
            cache.set("doctor", "ok", timeout=10)
            yield ok("cache", type(backend).__name__)
        except DatabaseError:
            yield wrong("cache", "Its table is missing: manage.py createcachetable")


def look_at_redis(backend: RedisCache) -> Finding:
    try:
        backend.probe()
    except (AuthenticationError, NoPermissionError):
        return wrong("cache", "Redis refuses the user or the password: see CACHE_URL.")
    except ReadOnlyError:
        return wrong("cache", "This Redis is a replica, which can't be written to: name the primary.")
    except (RedisError, OSError) as error:
        return wrong(
            "cache", f"Redis can't be reached ({type(error).__name__}): CACHE_URL, its port, firewalls."
        )
    return ok("cache", "Redis")


def look_at_storage() -> Iterator[Finding]:
    for alias in ("default", "exports"):
        storage, name = storages[alias], f"doctor/{uuid4().hex}.txt"
        what = {"default": "pictures", "exports": "exports"}[alias]
        try:
            name = storage.save(name, ContentFile(b"ok"))
            with storage.open(name) as file:
                assert file.read() == b"ok"  # noqa: S101 (told as an error like the others)
            storage.delete(name)
        except Exception as error:  # each kind of storage has its own
            code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
            why = code or getattr(error, "strerror", "") or type(error).__name__
            yield wrong("storage", f"{what.capitalize()} can't be written, read and deleted: {why}.")
        else:
            yield ok("storage", f"{what.capitalize()} can be written, read and deleted.")


def look_at_disk() -> Iterator[Finding]:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    text = f"{usage.free / 1024**3:.1f} GB free at {folder}"
    yield warning("disk", text) if usage.free < LITTLE_ROOM else ok("disk", text)


def look_at_static_files() -> Iterator[Finding]:
    if not hasattr(staticfiles_storage, "hashed_files"):
        yield ok("static files", "Served by the application: for development.")
    elif staticfiles_storage.hashed_files:
        yield ok("static files", f"{len(staticfiles_storage.hashed_files)} are laid out.")
    else:
        yield wrong("static files", "They are not laid out: manage.py collectstatic")


LAYERS = (
    ("settings", "", look_at_settings),
    ("database", "", look_at_database),
    ("rights", "database", look_at_rights),
    ("migrations", "database", look_at_migrations),
    ("data", "migrations", look_at_data),
    ("tasks", "migrations", look_at_tasks),
    ("cache", "", look_at_cache),
    ("storage", "", look_at_storage),
    ("disk", "", look_at_disk),
    ("static files", "", look_at_static_files),
)
