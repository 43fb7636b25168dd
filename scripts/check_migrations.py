"""Fails when a migration would break the version before it, which serves while it runs and after a rollback.

Reads the SQL that each migration becomes on the database of DATABASE_URL, so that must be a MySQL server:
SQLite makes tables anew. A migration that is refused goes out in two releases, or the reason why it is safe
goes into ACCEPTED. What alters a column that may be empty is not seen (a shorter one, another type).
"""

import os
import sys

import django

LABELS = ("accounts", "api", "board", "timetable")

# What no server of the version before can be running with.
BEFORE_THE_FIRST_RELEASE = "was there before the first release"
ACCEPTED = {
    "accounts.0002_safe_speech": BEFORE_THE_FIRST_RELEASE,
    "board.0001_initial": BEFORE_THE_FIRST_RELEASE,
    "board.0002_safe_speech": BEFORE_THE_FIRST_RELEASE,
    "board.0003_media": BEFORE_THE_FIRST_RELEASE,
    "timetable.0001_initial": BEFORE_THE_FIRST_RELEASE,
    "timetable.0002_reviews": BEFORE_THE_FIRST_RELEASE,
}


def check(accepted: dict[str, str]) -> list[str]:
    """What is wrong, in sentences; what was refused is printed by the linter."""
    from django.db import connection
    from django_migration_linter import MigrationLinter

    if connection.vendor != "mysql":
        return ["DATABASE_URL must name a MySQL server."]
    linter = MigrationLinter(no_cache=True, quiet=["ok", "ignore", "warning"])
    migrations = {
        f"{label}.{name}": migration
        for (label, name), migration in sorted(linter.migration_loader.disk_migrations.items())
        if label in LABELS
    }
    for name, migration in migrations.items():
        if name not in accepted:
            linter.lint_migration(migration)
    problems = [
        f"ACCEPTED names {name}, which does not exist." for name in accepted.keys() - migrations.keys()
    ]
    if linter.has_errors:
        problems.append("the version before would not bear these; see scripts/check_migrations.py.")
    return problems


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    problems = check(ACCEPTED)
    for problem in problems:
        print(f"madang: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.path.insert(0, ".")
    sys.exit(main())
