from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import pictures
from api.storage import sweep
from board.services import media

# An upload that is a day old will get no post any more.
AGE = timedelta(days=1)


FOLDERS = (media.SWEEP, pictures.SWEEP)


class Command(BaseCommand):
    help = (
        "Delete pictures that were uploaded a day ago and are in no post, and files that nothing names. "
        "Run it daily; the server may run meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, and do nothing"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        before = timezone.now() - AGE
        # The rows first: a file of theirs that could not be removed is a file that nothing names.
        rows, size = media.sweep_unattached(before=before, dry_run=dry_run)
        self.stdout.write(f"pictures in no post: {rows}, {size} bytes")
        failed = 0
        for folder in FOLDERS:
            try:
                swept = sweep(folder, before=before, dry_run=dry_run)
            except Exception as error:
                raise CommandError(f"{folder.name}/ can't be listed: {error}") from error
            self.stdout.write(
                f"files in {folder.name}/ that nothing names: {swept.files}, {swept.bytes} bytes"
            )
            failed += swept.failed
        if dry_run:
            self.stdout.write("This was a dry run. Nothing was deleted.")
        if failed:
            raise CommandError(
                f"{failed} files could not be swept; the log says why. The next run tries again."
            )
