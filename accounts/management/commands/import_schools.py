from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.schools import BadRow, import_schools, read_rows

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "schools_kr.json"


class Command(BaseCommand):
    help = "Load schools from a JSON file: created, updated or left as they are, all or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=SHIPPED, help="default: the Korean schools that come along"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            rows = read_rows(file.read_text(encoding="utf-8"))
            report = import_schools(rows)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read: {error}") from None
        except BadRow as error:
            raise CommandError(f"{file}: {error}. Nothing was imported.") from None
        for row in rows:
            for text in row.left_out:
                self.stderr.write(f"line {row.line}: {row.name}: {text!r} is no domain and was left out")
        self.stdout.write(", ".join(f"{number} {what}" for what, number in report.items()))
