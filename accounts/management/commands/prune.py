from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import IdempotencyRecord


class Command(BaseCommand):
    help = "Delete what is kept for a time only: idempotency records after 24 hours. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted, _ = IdempotencyRecord.objects.expired().delete()
        self.stdout.write(f"{deleted} idempotency records deleted")
