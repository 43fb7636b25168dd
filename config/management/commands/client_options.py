from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.database import find_problem


class Command(BaseCommand):
    help = "Print an option file by which mysql and mysqldump reach the database. It holds the password."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "mysql":
            raise CommandError("This is no MySQL family database: copy the file instead.")
        settings = connection.settings_dict
        host = settings["HOST"] or "localhost"
        if problem := find_problem():
            raise CommandError(problem)
        # docker/data_lib.sh takes its client by this.
        self.stdout.write("# MariaDB" if connection.mysql_is_mariadb else "# MySQL")  # type: ignore[attr-defined]
        self.stdout.write("[client]")
        # A path is a socket, as in Django.
        self.stdout.write(f"socket={host}" if host.startswith("/") else f"host={host}")
        for name, value in (
            ("port", settings["PORT"]),
            ("user", settings["USER"]),
            ("password", settings["PASSWORD"]),
        ):
            if value:
                self.stdout.write(f"{name}={quote(str(value))}")
        self.stdout.write("default-character-set=utf8mb4")
        self.stdout.write(f"[mysql]\ndatabase={quote(settings['NAME'])}")


def quote(value: str) -> str:
    """As option files want it: https://dev.mysql.com/doc/refman/8.4/en/option-files.html."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
