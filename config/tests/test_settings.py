"""Production refuses to start where something is missing or unsafe, and names it."""

import ast
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config import database

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(50),
    "ADDRESS_HASH_KEY": secrets.token_urlsafe(50),
    "DJANGO_ALLOWED_HOSTS": "api.example.com",
    "DATABASE_HOST": "127.0.0.1",
    "DATABASE_PASSWORD": "p@ss/w:rd#?%",
}


def start(
    what: str = "DATABASES['default']['PASSWORD']", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Load the production settings with nothing in the environment but these, and print one of them."""
    code = f"from django.conf import settings; print(settings.{what})"
    base = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    return subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code], cwd=ROOT, env=base | environment, capture_output=True, text=True
    )


def test_it_starts_with_everything_set_and_passwords_need_no_escaping():
    started = start(**GOOD)
    assert started.stdout.strip() == GOOD["DATABASE_PASSWORD"], started.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "django_tasks_db.backend.DatabaseBackend"),
        ({"TASKS_BACKEND": "immediate"}, "django_tasks.backends.immediate.ImmediateBackend"),
        ({"TASKS_BACKEND": "celery"}, "TASKS_BACKEND must be one of: immediate, database"),
    ],
)
def test_tasks_are_left_to_a_worker_unless_said_otherwise(change, said):
    started = start("TASKS['default']['BACKEND']", **GOOD | change)
    assert said in started.stdout + started.stderr


@pytest.mark.parametrize(("bucket", "backend"), [("", "FileSystemStorage"), ("campus", "S3Storage")])
def test_pictures_go_where_the_environment_says(bucket, backend):
    started = start("STORAGES['default']['BACKEND'].rpartition('.')[2]", **GOOD, MEDIA_S3_BUCKET=bucket)
    assert started.stdout.strip() == backend, started.stderr


def test_it_names_all_that_is_missing_at_once():
    refused = start()
    assert refused.returncode != 0
    for name in ("DJANGO_SECRET_KEY", "JWT_SIGNING_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_HOST"):
        assert f"{name} is missing" in refused.stderr or f"or {name} is missing" in refused.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"DJANGO_SECRET_KEY": "short"}, "DJANGO_SECRET_KEY is unsafe"),
        ({"JWT_SIGNING_KEY": "a" * 60}, "JWT_SIGNING_KEY is unsafe"),
        ({"JWT_SIGNING_KEY": GOOD["DJANGO_SECRET_KEY"]}, "JWT_SIGNING_KEY must differ"),
        ({"DJANGO_ALLOWED_HOSTS": "*"}, "'*' admits any host"),
        ({"DEBUG": "on"}, "DEBUG is unsafe"),
        ({"DATABASE_HOST": "", "DATABASE_URL": "sqlite:///db.sqlite3"}, "MySQL or MariaDB"),
        ({"REFRESH_COOKIE_SAMESITE": "Sometimes"}, "must be one of: Strict, Lax, None"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_it_refuses_what_is_unsafe(change, said):
    refused = start(**GOOD | change)
    assert refused.returncode != 0
    assert said in refused.stderr


def test_old_keys_are_accepted_beside_the_new_ones():
    old, older = (secrets.token_urlsafe(50) for _time in range(2))
    started = start("JWT_OLD_SIGNING_KEYS", **GOOD, JWT_OLD_SIGNING_KEYS=f"{old},{older}")
    assert ast.literal_eval(started.stdout) == [old, older], started.stderr


def test_it_refuses_old_keys_that_are_weak_or_that_two_things_are_signed_with():
    secret, jwt = GOOD["DJANGO_SECRET_KEY"], GOOD["JWT_SIGNING_KEY"]
    refused = start(
        **GOOD,
        DJANGO_SECRET_KEY_FALLBACKS=f"short,{jwt}",
        JWT_OLD_SIGNING_KEYS=f"{'a' * 60},{secret},{jwt}",
    )
    for said in (
        "DJANGO_SECRET_KEY_FALLBACKS is unsafe",
        "JWT_OLD_SIGNING_KEYS is unsafe",
        "DJANGO_SECRET_KEY_FALLBACKS must differ from JWT_SIGNING_KEY",
        "JWT_OLD_SIGNING_KEYS must differ from DJANGO_SECRET_KEY.",
        "JWT_OLD_SIGNING_KEYS must differ from JWT_SIGNING_KEY",
        "JWT_OLD_SIGNING_KEYS must differ from DJANGO_SECRET_KEY_FALLBACKS",
    ):
        assert said in refused.stderr
    assert secret not in refused.stderr
    assert jwt not in refused.stderr


def test_it_refuses_what_is_no_origin():
    wrong = [
        "null",
        "*",
        "app.example.com",
        "https://app.example.com/",
        "https://*.example.com",
        "https://a@b",
    ]
    refused = start(**GOOD, CORS_ALLOWED_ORIGINS=",".join(wrong))
    assert [origin for origin in wrong if f"{origin!r} is no origin" not in refused.stderr] == []


@pytest.mark.parametrize(
    ("environment", "cookie"),
    [
        ({"DJANGO_SETTINGS_MODULE": "config.settings.local"}, ("Strict", False)),
        (
            {"DJANGO_SETTINGS_MODULE": "config.settings.local", "REFRESH_COOKIE_SAMESITE": "None"},
            ("None", True),
        ),
        (GOOD, ("Strict", True)),
        (GOOD | {"REFRESH_COOKIE_SAMESITE": "Lax"}, ("Lax", True)),
    ],
)
def test_the_cookie_is_secure_on_a_server_and_wherever_other_sites_may_use_it(environment, cookie):
    started = start("REFRESH_COOKIE_SAMESITE, settings.REFRESH_COOKIE_SECURE", **environment)
    assert started.stdout.split() == [str(value) for value in cookie], started.stderr


SETTINGS = {
    "HOST": "db.example.com",
    "PORT": "3306",
    "USER": "madang",
    "NAME": "campus",
    "PASSWORD": "s3cret",
}


@pytest.mark.parametrize(
    ("number", "original", "said"),
    [
        (1698, "", "knows no user 'madang'"),
        (1045, "Access denied (using password: NO)", "asks the user 'madang' for a password"),
        (1045, "Access denied (using password: YES)", "refuses the password of the user 'madang'"),
        (1044, "", "no rights on the database 'campus'"),
        (1142, "", "no rights on the database 'campus'"),
        (1049, "", "no database 'campus'"),
        (2002, "", "can't be reached"),
        (2005, "", "can't be reached"),
        (1, "something else", "something else"),
    ],
)
def test_a_database_that_can_not_be_used_says_why(number, original, said):
    words = database.describe(number, SETTINGS, original)
    assert said in words
    assert "s3cret" not in words


@pytest.mark.server
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"PASSWORD": "wrong-password"}, "password"),
        ({"USER": "nobody-here"}, "nobody-here"),
        ({"NAME": "no_such_database"}, "no_such_database"),
        ({"PORT": "3999"}, "can't be reached"),
    ],
    ids=["password", "user", "database", "port"],
)
def test_a_real_server_gives_the_reason(change, said, monkeypatch):
    from django.db import connection

    other = connection.copy()
    other.settings_dict = connection.settings_dict | change
    monkeypatch.setattr(database, "connection", other)
    assert said in (database.find_problem() or "")


@pytest.mark.django_db
def test_a_database_that_answers_is_no_problem():
    assert database.find_problem() is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EXAM_NOTE_PRICE", "-1", "must not be below zero"),
        ("POINTS_FOR_REVIEW", "-5", "must not be below zero"),
        ("GRADE_RETAKE", "best", "must be one of: better, latest"),
        ("THROTTLE_POST", "often", "must be off, or 1 to 1000 per sec, min, hour or day"),
        ("THROTTLE_POST", "0/min", "must be off, or 1 to 1000 per sec, min, hour or day"),
        ("THROTTLE_POST", "100000/min", "must be off, or 1 to 1000 per sec, min, hour or day"),
    ],
)
def test_it_refuses_numbers_and_words_that_mean_nothing(name, value, said):
    refused = start(**GOOD, **{name: value})
    assert refused.returncode != 0
    assert f"{name} {said}" in refused.stderr
