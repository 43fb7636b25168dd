from argparse import ArgumentParser
from typing import Any

from django.contrib.sessions.models import Session as BrowserSession
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from accounts.models import School, User
from accounts.services.sessions import end_sessions_of


class Command(BaseCommand):
    help = "Sign people out everywhere, at once. They can sign in again. --all ends the admin's sign-ins too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--all", action="store_true", help="everybody")
        whose.add_argument("--user", metavar="NAME", help="one user, by username or e-mail address")
        whose.add_argument("--school", metavar="NAME", help="everybody of a school, by its name")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = end_sessions_of(people=find_people(options["user"], options["school"]))
        if options["all"]:
            BrowserSession.objects.all().delete()
        self.stdout.write(f"{ended} sessions ended")


def find_people(user: str | None, school: str | None) -> QuerySet[User]:
    """Whose sessions are meant; everybody's without either."""
    people = User.objects.all()
    if user is not None:
        people = User.objects.identified_by(user)
    elif school is not None:
        people = people.filter(school__in=School.objects.filter(name_key=school))
    if not people.exists():
        raise CommandError("There is nobody like that.")
    return people
