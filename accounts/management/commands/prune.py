from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Departure, Export, IdempotencyRecord, Notification, Session, Verification
from accounts.services.exports import discard_exports, sweep_exports


class Command(BaseCommand):
    help = "Delete what is kept for a time only, and tell how much that was. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        expired = {
            "idempotency records": IdempotencyRecord.objects.expired(),  # after 24 hours
            "notifications": Notification.objects.expired(),  # after 90 days
            "departures": Departure.objects.expired(),  # after 30 days
            "codes": Verification.objects.expired(),  # after a day
            "sessions": Session.objects.expired(),  # 90 days after they ended or expired
        }
        for name, rows in expired.items():
            deleted, _ = rows.delete()
            self.stdout.write(f"{deleted} {name} deleted")
        exports = discard_exports(Export.objects.expired())  # after a day, with their files
        self.stdout.write(f"{exports} exports deleted")
        self.stdout.write(f"{sweep_exports()} files deleted that no export names")
