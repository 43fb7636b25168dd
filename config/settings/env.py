"""Reading the environment: the one `Env` that every settings module uses."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()


TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.backend.DatabaseBackend",
}


def count_from_env(name: str, default: int) -> int:
    """A number that is not below zero."""
    value = env.int(name, default=default)
    if value < 0:
        raise ImproperlyConfigured(f"{name} must not be below zero.")
    return value


def choice_from_env(name: str, choices: Iterable[str], default: str) -> str:
    """One of `choices`."""
    value = env.str(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(choices)}")
    return value


def tasks_from_env(default: str) -> dict[str, Any]:
    """Where tasks run: `immediate` in the process that causes them, `database` in a worker."""
    return {"default": {"BACKEND": TASK_BACKENDS[choice_from_env("TASKS_BACKEND", TASK_BACKENDS, default)]}}


def database_from_env() -> dict[str, Any]:
    """The default database: `DATABASE_URL`, else `DATABASE_HOST` and its parts, else SQLite.

    The parts need no escaping, which a URL asks of a password with `@` or `/` in it.
    """
    if env.str("DATABASE_URL", default=""):
        database = dict(env.db_url("DATABASE_URL"))
    elif env.str("DATABASE_HOST", default=""):
        database = {
            "ENGINE": "django.db.backends.mysql",
            "HOST": env.str("DATABASE_HOST"),
            "PORT": env.str("DATABASE_PORT", default="3306"),
            "NAME": env.str("DATABASE_NAME", default="madang"),
            "USER": env.str("DATABASE_USER", default="madang"),
            "PASSWORD": env.str("DATABASE_PASSWORD", default=""),
        }
    else:
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(BASE_DIR / "db.sqlite3"),
        }
    database.setdefault("OPTIONS", {})
    if not database.get("ENGINE", "").endswith(("sqlite3", "mysql")):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or mysql://")
    if database["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE takes the write lock when a transaction begins. The deferred default takes it at
        # the first write, and then fails at once when another writer came first.
        database["OPTIONS"] |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif database["ENGINE"].endswith("mysql"):
        database["OPTIONS"] |= {
            "charset": "utf8mb4",
            "connect_timeout": 5,
            "isolation_level": "read committed",
            # Given a school and a board, the planner would intersect their indexes and sort what is left,
            # 170 times as long as walking the board's index from its end.
            "init_command": "SET optimizer_switch = 'index_merge_intersection=off'",
        }
        database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
        database["CONN_HEALTH_CHECKS"] = True
    return database


def caches_from_env() -> dict[str, Any]:
    """The cache of `CACHE_URL`, else the process's own memory, which also stands in while Redis is down."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "max_entries": 20_000}
    default = {"max_entries": 20_000} | env.cache_url("CACHE_URL", default="locmemcache://madang")
    if default["BACKEND"].endswith(".RedisCache"):
        default["BACKEND"] = "api.cache.RedisCache"
        # Asked at each request: a server that does not answer shall not hold it up.
        timeouts = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}
        default["OPTIONS"] = timeouts | default.get("OPTIONS", {})
    return {"default": default, "memory": memory | {"LOCATION": "madang-memory"}}


def media_storage_from_env() -> dict[str, Any]:
    """Where pictures are kept: in `MEDIA_S3_BUCKET`, else in the folder `MEDIA_ROOT`."""
    bucket, private = env.str("MEDIA_S3_BUCKET", default=""), env.bool("MEDIA_PRIVATE", default=False)
    domain = env.str("MEDIA_S3_DOMAIN", default="")
    if private and (domain or not bucket):
        raise ImproperlyConfigured("MEDIA_PRIVATE takes a MEDIA_S3_BUCKET, and no MEDIA_S3_DOMAIN.")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return s3_storage(
        bucket_name=bucket,
        custom_domain=domain or None,
        querystring_auth=private,
        querystring_expire=env.int("MEDIA_URL_SECONDS", default=3600),
        object_parameters={
            "CacheControl": f"{'private' if private else 'public'}, max-age=31536000, immutable"
        },
    )


def export_storage_from_env() -> dict[str, Any]:
    """Where exports are kept, which nobody else reads: in `EXPORT_S3_BUCKET`, else in `EXPORT_ROOT`."""
    if bucket := env.str("EXPORT_S3_BUCKET", default=""):
        return s3_storage(bucket_name=bucket, location="exports", querystring_auth=True)
    root = env.str("EXPORT_ROOT", default=str(BASE_DIR / "exports"))
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": root}}


def s3_storage(**options: Any) -> dict[str, Any]:
    """A bucket, at the server and with the keys of `MEDIA_S3_…`."""
    try:
        from botocore.config import Config
    except ImportError:
        raise ImproperlyConfigured("A bucket needs boto3: install requirements/s3.txt.") from None
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": options
        | {
            "region_name": env.str("MEDIA_S3_REGION", default="") or None,
            "endpoint_url": env.str("MEDIA_S3_ENDPOINT_URL", default="") or None,
            # Without keys the machine's own role is asked.
            "access_key": env.str("MEDIA_S3_ACCESS_KEY_ID", default="") or None,
            "secret_key": env.str("MEDIA_S3_SECRET_ACCESS_KEY", default="") or None,
            # A dead storage shall answer 503 in seconds, while a worker's thread waits for it.
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=2,
                read_timeout=5,
                retries={"total_max_attempts": 2, "mode": "standard"},
                # Not all that speak S3 know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
