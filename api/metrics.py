"""What Prometheus may know: numbers by route, never by id, path or person.

Several processes keep them in files (`PROMETHEUS_MULTIPROC_DIR`, which config/gunicorn.py sets), and its
master hands out the sum.
"""

from prometheus_client import Counter, Histogram

# Methods are the client's to invent.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

SECONDS = Histogram(
    "madang_request_seconds",
    "Seconds until a request was answered",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
QUERIES = Histogram(
    "madang_request_queries",
    "Queries that a request took",
    ["method", "route"],
    buckets=(0, 1, 2, 5, 10, 15, 20, 30, 50, 100),
)
REFUSED = Counter(
    "madang_refused",
    "Requests that came too often (`throttled`) or after too many wrong passwords (`locked_out`)",
    ["route", "code"],
)


def count(
    method: str, route: str, status: int, seconds: float, queries: int, code: str | None = None
) -> None:
    """Count a request. `code` is that of an error."""
    method = method if method in METHODS else "other"
    SECONDS.labels(method, route, status).observe(seconds)
    QUERIES.labels(method, route).observe(queries)
    if status == 429:
        REFUSED.labels(route, code or "other").inc()
