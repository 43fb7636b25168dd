"""Creates the configured database when the server lacks it, or says in one line why it can't be used."""

import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from config.database import NO_RIGHTS, UNKNOWN_DATABASE, find_problem


def create_database() -> None:
    server = connection.copy()
    name = server.ops.quote_name(server.settings_dict["NAME"])
    server.settings_dict["NAME"] = ""
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4")
    server.close()


def main() -> str | None:
    django.setup()
    if not connection.settings_dict["NAME"]:
        return "DATABASE_URL names no database, as in mysql://user@host:3306/madang"
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        # To an account that may use some databases only, a missing one is not unknown but denied.
        if error.args[0] in (*NO_RIGHTS, *UNKNOWN_DATABASE):
            with suppress(DatabaseError):
                create_database()
    return find_problem()


try:
    problem = main()
except ImproperlyConfigured as error:
    problem = f"The database settings can't be used: {error}"
if problem:
    sys.exit(f"madang: {' '.join(problem.split())}")
