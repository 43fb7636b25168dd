from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.database import find_problem


class Command(BaseCommand):
    help = "Say whether the database can be used; if not, why, in one line."
    # They ask the database themselves, and would fail first, with a traceback.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := find_problem():
            raise CommandError(problem)
        if options["verbosity"]:
            self.stdout.write("The database can be used.")
