"""`/healthz`: this process answers. `/readyz`: so do the database and the cache, and all migrations have run.

A Redis that is down is told, and no reason to send nobody here: it is down for all hosts, and they go on.
"""

from collections.abc import Callable

from django.core.cache import cache, caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from api.cache import RedisCache


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def cache_answers() -> bool:
    if isinstance(caches["default"], RedisCache):
        return caches["default"].answers()
    cache.set("readyz", "ok", timeout=10)
    return cache.get("readyz") == "ok"


def migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "cache": cache_answers,
    "migrations": migrations_applied,
}


def goes_on_without() -> set[str]:
    """The parts that something stands in for."""
    return {"cache"} if isinstance(caches["default"], RedisCache) else set()


def passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever fails, the answer is that this part is not ready
        return False


def readyz(request: HttpRequest) -> JsonResponse:
    parts = {name: passes(check) for name, check in CHECKS.items()}
    failed = {name for name, passed in parts.items() if not passed}
    if failed - goes_on_without():
        return JsonResponse({"status": "unavailable", "checks": parts}, status=503)
    return JsonResponse({"status": "degraded" if failed else "ok", "checks": parts})
