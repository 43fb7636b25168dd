from typing import Any

from django.core.management.base import BaseCommand

from board.services.search import reindex_posts


class Command(BaseCommand):
    help = "Let posts be found by all of their text, and report what was missing. Can be run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        report = reindex_posts()
        self.stdout.write(
            f"{report['posts']} posts looked at, {report['mended']} mended, {report['grams']} grams added"
        )
