from typing import Any

from django.core.management.base import BaseCommand

from accounts.addresses import address_key
from accounts.models import Departure, User
from accounts.services.withdrawal import leave


class Command(BaseCommand):
    help = "After a restore: let those leave again who had left since the backup."

    def handle(self, *args: Any, **options: Any) -> None:
        left = dict(Departure.objects.order_by("created_at").values_list("address_key", "created_at"))
        number = 0
        for user in User.objects.iterator():
            when = left.get(address_key(user.email))
            # Whoever came back with the address since is another account.
            if when is not None and user.created_at < when:
                leave(user=user)
                number += 1
        self.stdout.write(f"{number} left again")
