from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from config.tasks import ATTEMPTS, STUCK_AFTER, retry_tasks


class Command(BaseCommand):
    help = "Put back tasks that failed, or that a killed worker left running. Run it every few minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--attempts", type=int, default=ATTEMPTS, help="give up after so many (%(default)s)"
        )
        parser.add_argument(
            "--stuck-after",
            type=int,
            default=STUCK_AFTER // timedelta(minutes=1),
            metavar="MINUTES",
            help="a task that runs for so long has lost its worker (%(default)s)",
        )

    def handle(self, *args: Any, attempts: int, stuck_after: int, **options: Any) -> None:
        report = retry_tasks(attempts=attempts, stuck_after=timedelta(minutes=stuck_after))
        self.stdout.write(", ".join(f"{number} {what}" for what, number in report.items()))
