"""Whether the database can be used, and if not, which of the usual reasons it is."""

from typing import Any

from django.db import DatabaseError, connection

UNKNOWN_USER = (1698,)  # MariaDB; MySQL says 1045 for an unknown user as well
DENIED = (1045,)
NO_RIGHTS = (1044, 1142, 1143, 1227)
UNKNOWN_DATABASE = (1049,)
UNREACHABLE = (2002, 2003, 2005, 2006, 2013)


def find_problem() -> str | None:
    """What keeps the default database from being used, and what to do; None if nothing does."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            connection.introspection.table_names(cursor)
    except DatabaseError as error:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        return describe(number, connection.settings_dict, str(error))
    return None


def describe(number: int, settings: dict[str, Any], original: str) -> str:
    """The error in words. The password is never among them."""
    user, name = settings["USER"], settings["NAME"]
    server = f"{settings['HOST'] or 'localhost'}:{settings['PORT'] or 3306}"
    if number in UNKNOWN_USER:
        return (
            f"The database server {server} knows no user {user!r} that may come from this address. "
            "Check DATABASE_USER, and the host in the server's table of users."
        )
    if number in DENIED and "using password: NO" in original:
        return f"The database server {server} asks the user {user!r} for a password. Set DATABASE_PASSWORD."
    if number in DENIED:
        return (
            f"The database server {server} refuses the password of the user {user!r}. "
            "Check DATABASE_PASSWORD. MySQL says the same of an unknown user: check DATABASE_USER too."
        )
    if number in NO_RIGHTS:
        return (
            f"The user {user!r} has no rights on the database {name!r} at {server}, or there is none. "
            f"As an administrator: GRANT ALL ON `{name}`.* TO {user!r}"
        )
    if number in UNKNOWN_DATABASE:
        return f"There is no database {name!r} at {server}. CREATE DATABASE `{name}` CHARACTER SET utf8mb4"
    if number in UNREACHABLE:
        return (
            f"The database server {server} can't be reached. "
            "Check DATABASE_HOST and DATABASE_PORT, that it runs, and the firewalls between."
        )
    return f"The database can't be used: {original}"
