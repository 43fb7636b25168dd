"""Creates the configured database when the server lacks it, or says in one line why it can't."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

# To an account that may use some databases only, a missing one is not unknown but denied.
DATABASE_ACCESS_DENIED, UNKNOWN_DATABASE = 1044, 1049


def create_database() -> None:
    server = connection.copy()
    name = server.ops.quote_name(server.settings_dict["NAME"])
    server.settings_dict["NAME"] = ""
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4")
    server.close()


def main() -> None:
    django.setup()
    if not connection.settings_dict["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL lacks a name: mysql://user@host:3306/madang")
    try:
        connection.ensure_connection()
    except Error as error:
        if error.args[0] not in (DATABASE_ACCESS_DENIED, UNKNOWN_DATABASE):
            raise
        create_database()


try:
    main()
except (Error, ImproperlyConfigured) as error:
    sys.exit(f"madang: can't use the database: {' '.join(str(error.args[-1]).split())}")
