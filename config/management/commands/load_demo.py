from argparse import ArgumentParser
from datetime import datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rest_framework.exceptions import ValidationError

import accounts.demo
import board.demo
import timetable.demo
from api.db import write
from api.storage import removed_on_failure
from board.demo.notifications import date_notifications
from timetable.demo.friends import date_notifications as date_friends_notifications


class Command(BaseCommand):
    help = "Load all schools, and a demo of six of them. Where the demo is loaded, nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="load it with DEBUG off too")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        if not (settings.DEBUG or force):
            raise CommandError(
                "The demo's passwords are known to everybody, a superuser's too, so it is for development."
                " Nothing was loaded. Use --force to load it although DEBUG is off."
            )
        if not accounts.demo.is_loaded():
            now = timezone.now()
            try:
                self.load(now)
            except ValidationError as error:
                taken = ", ".join(map(str, error.detail))
                raise CommandError(f"The demo needs a {taken} that is taken. Nothing was loaded.") from None
            # People are told of it all after the commit.
            date_friends_notifications()
            date_notifications(now)
        self.stdout.write(accounts.demo.describe())
        if not settings.REQUIRE_SCHOOL_VERIFICATION:
            self.stdout.write("\nREQUIRE_SCHOOL_VERIFICATION is off: everybody counts as verified.")

    @write
    def load(self, now: datetime) -> None:
        # Its report would be wrong where the rest fails: this is one transaction.
        call_command("import_schools", stdout=StringIO())
        with removed_on_failure() as files:
            casts = accounts.demo.load(now, files)
            board.demo.load(casts, now, files)
            timetable.demo.load(casts, now)
