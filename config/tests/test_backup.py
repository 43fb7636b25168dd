"""docker/backup.sh and docker/restore.sh: what was there is there again, and what is damaged is refused."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection

from accounts.models import Departure, Session, User
from accounts.services.withdrawal import leave
from config.tests.world import make_world

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.server,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (ROOT / ".venv").is_dir(), reason="the scripts look for .venv"),
    pytest.mark.skipif(
        not (shutil.which("mariadb-dump") or shutil.which("mysqldump")), reason="needs a client"
    ),
]
# What a restore changes on purpose: sessions are ended, and old departures come along.
CHANGED = {Session._meta.db_table, Departure._meta.db_table}


def client_fits() -> bool:
    """MySQL does not take what MariaDB's client writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        is_mariadb = "MariaDB" in cursor.fetchone()[0]
    client = shutil.which("mysqldump") or shutil.which("mariadb-dump")
    version = subprocess.run([str(client), "--version"], capture_output=True, text=True).stdout  # noqa: S603
    return is_mariadb or "MariaDB" not in version


def url_of(name: str) -> str:
    server = connection.settings_dict
    access = f"{server['USER']}:{server['PASSWORD']}" if server["PASSWORD"] else server["USER"]
    return f"mysql://{access}@{server['HOST'] or '127.0.0.1'}:{server['PORT'] or 3306}/{name}"


def run(script: str, *args: str, database: str, media: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": url_of(database),
        "ADDRESS_HASH_KEY": settings.ADDRESS_HASH_KEY,
        "MEDIA_ROOT": str(media),
        "KEEP": "2",
    }
    command = [str(ROOT / "docker" / script), *args]
    return subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603


def content_of(database: str) -> dict[str, Any]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [database])
        tables = [row[0] for row in cursor.fetchall()]
        content = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM `{database}`.`{table}`")  # noqa: S608 (our own tables)
            content[table] = sorted(map(repr, cursor.fetchall()))
    return content


@pytest.fixture
def other():
    """The name of an empty database."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        yield name
        cursor.execute(f"DROP DATABASE `{name}`")


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{FileSystemStorage.__module__}.{FileSystemStorage.__qualname__}"}
    }
    return make_world(author="ghost")


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_was_backed_up_is_restored_row_by_row_and_file_by_file(world, other, tmp_path):
    if not client_fits():
        pytest.skip("needs MySQL's own client")
    here, media, backups = connection.settings_dict["NAME"], tmp_path / "media", tmp_path / "backups"
    made = run("backup.sh", str(backups), database=here, media=media)
    assert made.returncode == 0, made.stderr
    (backup,) = backups.iterdir()
    assert {file.name for file in backup.iterdir()} == {
        "database.sql.gz",
        "media.tar",
        "release",
        "SHA256SUMS",
    }
    assert {file.stat().st_mode & 0o777 for file in backup.iterdir()} == {0o600}
    before = content_of(here)

    restored = run("restore.sh", str(backup), database=other, media=tmp_path / "restored")
    assert restored.returncode == 0, restored.stderr
    after = content_of(other)
    assert set(after) == set(before)
    assert {table for table in before if before[table] != after[table]} <= CHANGED
    assert files_in(tmp_path / "restored") == files_in(media) != {}
    assert "0 mended" in restored.stdout

    # What is there is not overwritten by mistake.
    again = run("restore.sh", str(backup), database=other, media=tmp_path / "restored")
    assert again.returncode == 1
    assert "not empty" in again.stderr

    # Somebody leaves after the backup: restoring it does not bring them back.
    leave(user=User.objects.get(pk=world.ghost.pk))
    replaced = run("restore.sh", str(backup), "--replace", database=here, media=media)
    assert replaced.returncode == 0, replaced.stderr
    assert "1 left again" in replaced.stdout
    assert not User.objects.filter(pk=world.ghost.pk).exists()
    assert User.objects.filter(pk=world.second.pk).exists()
    assert not Session.objects.living().exists()

    damaged = backup / "database.sql.gz"
    damaged.write_bytes(damaged.read_bytes()[:-20])
    refused = run("restore.sh", str(backup), "--replace", database=here, media=media)
    assert (refused.returncode, "damaged" in refused.stderr) == (1, True)
    assert User.objects.filter(pk=world.second.pk).exists()


def test_what_could_not_be_restored_is_not_written(tmp_path):
    if client_fits():
        pytest.skip("needs a MySQL server and MariaDB's client")
    here = connection.settings_dict["NAME"]
    refused = run("backup.sh", str(tmp_path), database=here, media=tmp_path / "media")
    assert (refused.returncode, "install mysql-client" in refused.stderr) == (1, True)
    assert not list(tmp_path.glob("*Z"))


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path):
    failed = run("backup.sh", str(tmp_path), database="there_is_none_of_this_name", media=tmp_path / "media")
    assert failed.returncode != 0
    assert not list(tmp_path.glob("*Z"))
    assert not list(tmp_path.glob(".*Z"))
