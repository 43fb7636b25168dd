"""`/healthz`: this process answers. `/readyz`: so do the database, the cache and the migrations."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def cache_answers() -> bool:
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


def passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever fails, the answer is that this part is not ready
        return False


def readyz(request: HttpRequest) -> JsonResponse:
    parts = {name: passes(check) for name, check in CHECKS.items()}
    ready = all(parts.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": parts}, status=200 if ready else 503
    )
