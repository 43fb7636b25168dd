from typing import Any

from django.core.management.base import BaseCommand

from board.services.counters import reconcile_counters


class Command(BaseCommand):
    help = "Recompute like, scrap, comment and reply counts, and report what was mended."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, mended in reconcile_counters().items():
            self.stdout.write(f"{name}: {mended} mended")
