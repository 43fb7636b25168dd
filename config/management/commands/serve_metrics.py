from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections
from django.db.models import Count, Min
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


class DatabaseCollector(Collector):
    """What only the database knows: whether it answers, and how the tasks fare."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("madang_database_up", "Whether the database answers: 1, else 0", value=1)
        try:
            close_old_connections()
            yield from self.tasks()
        except Error:
            up = GaugeMetricFamily("madang_database_up", "Whether the database answers: 1, else 0", value=0)
        finally:
            close_old_connections()
        yield up

    def tasks(self) -> list[GaugeMetricFamily]:
        counts = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
        tasks = GaugeMetricFamily("madang_tasks", "Tasks in the queue, by their state", labels=["status"])
        for status in TaskResultStatus.values:
            tasks.add_metric([status.lower()], counts.get(status, 0))
        oldest = DBTaskResult.objects.ready().aggregate(at=Min("enqueued_at"))["at"]
        waited = timezone.now() - oldest if oldest else timedelta()
        return [
            tasks,
            GaugeMetricFamily(
                "madang_task_wait_seconds",
                "How long the oldest task that could run has waited",
                value=waited.total_seconds(),
            ),
        ]


class Command(BaseCommand):
    help = "Serves Prometheus the numbers of the database, until stopped. gunicorn has those of requests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen; 127.0.0.1 by default")
        parser.add_argument("--port", type=int, default=9101, help="9101 by default")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        registry = CollectorRegistry()
        registry.register(DatabaseCollector())
        start_http_server(port, host, registry)
        self.stdout.write(f"http://{host}:{port}/metrics")
        Event().wait()
