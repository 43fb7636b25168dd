from typing import Any

from django.core.management.base import BaseCommand

from board.services.counters import reconcile_counters as reconcile_board
from timetable.services.counters import reconcile_counters as reconcile_timetable


class Command(BaseCommand):
    help = "Recompute all counts, balances and posts' ranks; report what was mended."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, mended in (reconcile_board() | reconcile_timetable()).items():
            self.stdout.write(f"{name}: {mended} mended")
