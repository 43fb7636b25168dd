from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import DatabaseError
from django.utils import translation

from accounts.models import School
from timetable.catalogue.cells import CatalogueError
from timetable.catalogue.formats import formats
from timetable.catalogue.reading import Progress, Reading, read_catalogue
from timetable.models import Semester
from timetable.models.semesters import parse_name
from timetable.services.catalogue import Report, SyncRefused, preview_catalogue, sync_catalogue
from timetable.services.catalogue.report import Section, count_rows, sections

NOTHING = "Nothing was imported."
# Lectures that are new are seldom worth a look each. `--verbosity 2` names as many as the report has.
MAX_CREATED = 10
# A line of progress is shown for so many rows.
TERMINAL_STEP, LOG_STEP = 100, 2_500


class Command(BaseCommand):
    help = "Bring a semester's lectures to what a catalogue's file says, all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        with translation.override(None):
            descriptions = "; ".join(f"{name}: {format.DESCRIPTION}" for name, format in formats().items())
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="its name, such as 동국대학교")
        parser.add_argument("--semester", required=True, help="such as 2025-2 or 2025-summer")
        parser.add_argument("--format", required=True, choices=formats(), help=descriptions)
        parser.add_argument("--starts-on", type=date.fromisoformat, help="makes a semester not there yet")
        parser.add_argument("--ends-on", type=date.fromisoformat, help="makes a semester not there yet")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--force", action="store_true", help="import a file that looks broken")

    @no_translations
    def handle(self, *args: Any, file: Path, format: str, **options: Any) -> None:
        semester = find_semester(find_school(options["school"]), options)
        reading = self.read(file, format)
        try:
            if options["dry_run"]:
                report = preview_catalogue(semester=semester, reading=reading)
            else:
                report = sync_catalogue(
                    semester=semester,
                    reading=reading,
                    force=options["force"],
                    progress=self.progress("Lectures written"),
                )
        except SyncRefused as refused:
            self.print_report(refused.report, options["verbosity"])
            raise CommandError(f"{refused} {NOTHING} To import it all the same, use --force.") from None
        except DatabaseError as error:
            raise CommandError(f"The database says: {error}. {NOTHING}") from error
        self.print_report(report, options["verbosity"])
        if options["dry_run"]:
            self.print_outlook(report)

    def read(self, file: Path, format: str) -> Reading:
        try:
            with file.open("rb") as content:
                return read_catalogue(format=format, file=content, progress=self.progress("Rows read"))
        except (OSError, CatalogueError) as error:
            raise CommandError(f"{file}: {error} {NOTHING}") from None

    def progress(self, what: str) -> Progress:
        """One line that is written anew on a terminal; now and then a line in a log."""

        terminal = self.stderr.isatty()

        def show(done: int, total: int) -> None:
            is_last = done == total
            if done and not is_last and done % (TERMINAL_STEP if terminal else LOG_STEP):
                return
            start, end = ("\r", "\n" if is_last else "") if terminal else ("", "\n")
            text = f"{what}: {done}" + (f" of {total}" if total else "")
            self.stderr.write(start + text, str, ending=end)
            self.stderr.flush()

        return show

    def print_outlook(self, report: Report) -> None:
        if report.refused:
            self.stdout.write(f"This would be refused without --force: {' '.join(report.refused)}")
        self.stdout.write(f"This was a dry run. {NOTHING}")

    def print_report(self, report: Report, verbosity: int) -> None:
        data = report.as_json()
        for heading, count in count_rows(data):
            self.stdout.write(f"{heading}: {count}")
        for section in sections(data):
            self.print_section(section, verbosity)

    def print_section(self, section: Section, verbosity: int) -> None:
        lines = section.lines
        if section.kind == "created" and verbosity < 2:
            lines = lines[:MAX_CREATED]
        self.stdout.write(f"\n{section.heading}:")
        for line in lines:
            self.stdout.write(f"  {line}")
        if section.count > len(lines):
            self.stdout.write(f"  … and {section.count - len(lines)} more")


def find_school(name: str) -> School:
    school = School.objects.filter(name_key=name).first()
    if school is None:
        raise CommandError(f"There is no school {name!r}. {NOTHING}")
    return school


def find_semester(school: School, options: dict[str, Any]) -> Semester:
    """The semester, or with both its dates a new one that is not saved yet."""
    try:
        name = parse_name(options["semester"])
    except ValueError:
        raise CommandError("Write the semester as 2025-1, 2025-summer, 2025-2 or 2025-winter.") from None
    found = Semester.objects.filter(school=school, **name).first()
    if found is not None:
        return found
    if not (options["starts_on"] and options["ends_on"]):
        raise CommandError(
            f"{school} has no semester {options['semester']}. To make it, give --starts-on and --ends-on. "
            f"{NOTHING}"
        )
    return new_semester(school, name, options["starts_on"], options["ends_on"])


def new_semester(school: School, name: dict[str, Any], starts_on: date, ends_on: date) -> Semester:
    semester = Semester(school=school, **name, starts_on=starts_on, ends_on=ends_on)
    try:
        semester.full_clean()
    except ValidationError as error:
        raise CommandError(f"{' '.join(error.messages)} {NOTHING}") from None
    return semester
