"""`manage.py import_lectures`."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import School
from accounts.tests.factories import SchoolFactory
from timetable.management.commands import import_lectures
from timetable.models import Lecture, Semester
from timetable.services.catalogue import sync
from timetable.tests.catalogues import csv_file, lecture, lectures
from timetable.tests.factories import SemesterFactory

pytestmark = pytest.mark.django_db

Run = Callable[..., str]
DATES = ("--starts-on", "2025-09-01", "--ends-on", "2025-12-19")


@pytest.fixture
def school(db: None) -> School:
    return SchoolFactory(name="마당대학교")


@pytest.fixture
def term(school: School) -> Semester:
    return SemesterFactory(school=school)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(rows, *arguments)` imports rows, or the bytes of a file, and gives what it prints."""

    def run(
        rows: Any, *arguments: str, school: str = "마당대학교", stderr: Any = None, **options: Any
    ) -> str:
        file = tmp_path / "lectures.csv"
        file.write_bytes(rows if isinstance(rows, bytes) else csv_file(*rows))
        out = StringIO()
        given = {"--semester": "2025-2", "--format": "madang", "--school": school} | options
        call_command(
            "import_lectures",
            str(file),
            *(text for option in given.items() for text in option),
            *arguments,
            stdout=out,
            stderr=stderr or StringIO(),
        )
        return out.getvalue()

    return run


def test_a_file_is_imported_and_the_report_printed(run: Run, term: Semester) -> None:
    printed = run(lectures(2)).splitlines()
    assert {"Rows read: 2", "Created: 2", "Rows rejected: 0", "  CSE1001-1 자료구조"} <= set(printed)
    assert term.lectures.count() == 2


def test_the_report_says_what_changed_and_why_it_is_gone(run: Run, term: Semester) -> None:
    run(lectures(6))
    printed = run([lecture(enrolled="13", times="tue 09:00-10:00"), *lectures(5)[1:]])
    assert (
        "  CSE1001-1 자료구조: enrolled: 12 → 13; "
        "times: mon 09:00-10:15 @ 공학관 401 → tue 09:00-10:00\n" in printed
    )
    assert "  CSE1001-6 자료구조: not in the file\n" in printed


def test_the_report_names_rejected_rows_and_times_not_understood(run: Run, term: Semester) -> None:
    printed = run([lecture(credit=""), lecture(section="2", times="매주")], "--force")
    assert "  line 2: The credit must be a number" in printed
    assert "  line 3: CSE1001-2 자료구조: 매주\n" in printed


def test_new_lectures_are_named_in_part_unless_asked(run: Run, term: Semester) -> None:
    rows = lectures(12)
    assert "  … and 2 more\n" in run(rows, "--dry-run")
    assert "  CSE1001-12 자료구조\n" in run(rows, "--dry-run", "--verbosity", "2")


def test_a_dry_run_says_so_and_writes_nothing(run: Run, term: Semester) -> None:
    printed = run(lectures(2), "--dry-run")
    assert "Created: 2\n" in printed
    assert printed.endswith("This was a dry run. Nothing was imported.\n")
    assert not Lecture.objects.exists()


def test_a_dry_run_says_what_would_be_refused(run: Run, term: Semester) -> None:
    run(lectures(4))
    assert "This would be refused without --force: 3 of 4 lectures" in run(lectures(1), "--dry-run")


@pytest.mark.parametrize("name", ["마당 대학교", "마당대학교"])
def test_a_school_is_found_however_its_name_is_typed(run: Run, term: Semester, name: str) -> None:
    run([lecture()], school=name)
    assert term.lectures.count() == 1


def test_an_unknown_school_is_refused(run: Run, term: Semester) -> None:
    with pytest.raises(CommandError, match=r"There is no school '서당대학교'\. Nothing was imported\."):
        run([lecture()], school="서당대학교")


@pytest.mark.parametrize("name", ["2025", "2025-3", "25-2", "2025/2", ""])
def test_a_semester_is_written_in_one_way(run: Run, term: Semester, name: str) -> None:
    with pytest.raises(CommandError, match="Write the semester as 2025-1"):
        run([lecture()], **{"--semester": name})


def test_a_semester_not_there_yet_needs_its_dates(run: Run, school: School) -> None:
    for dates in ((), DATES[:2], DATES[2:]):
        with pytest.raises(CommandError, match=r"has no semester 2025-2\. To make it, give --starts-on"):
            run([lecture()], *dates)
    assert not Semester.objects.exists()


def test_a_semester_is_made_with_its_dates(run: Run, school: School) -> None:
    run([lecture()], *DATES)
    made = Semester.objects.get()
    assert (made.school, made.name, made.starts_on, made.ends_on) == (
        school,
        "2025-2",
        date(2025, 9, 1),
        date(2025, 12, 19),
    )


def test_a_dry_run_makes_no_semester(run: Run, school: School) -> None:
    assert "Created: 1\n" in run([lecture()], *DATES, "--dry-run")
    assert not Semester.objects.exists()


@pytest.mark.parametrize("dates", [("2025-12-19", "2025-09-01"), ("2025-09-01", "2027-09-01")])
def test_a_semester_that_can_not_be_is_not_made(run: Run, school: School, dates: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="Nothing was imported"):
        run([lecture()], "--starts-on", dates[0], "--ends-on", dates[1])
    assert not Semester.objects.exists()


def test_the_dates_of_a_semester_that_is_there_stay(run: Run, term: Semester) -> None:
    run([lecture()], "--starts-on", "2025-08-25", "--ends-on", "2025-12-12")
    term.refresh_from_db()
    assert term.starts_on == date(2025, 9, 1)


def test_a_refused_file_is_reported_and_changes_nothing(
    run: Run, term: Semester, capsys: pytest.CaptureFixture[str]
) -> None:
    run(lectures(4))
    with pytest.raises(CommandError, match=r"3 of 4 lectures .*Nothing was imported.*--force") as caught:
        run(lectures(1))
    assert caught.value.returncode == 1
    assert not Lecture.objects.filter(is_cancelled=True).exists()


def test_a_refused_file_can_be_forced(run: Run, term: Semester) -> None:
    run(lectures(4))
    assert "Gone, now cancelled: 3\n" in run(lectures(1), "--force")


@pytest.mark.parametrize("content", [b"", b"code,title\n1,2\n", csv_file(lecture(title=""))])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_file_that_is_no_catalogue_is_refused_even_if_forced(
    run: Run, term: Semester, content: bytes, force: tuple[str, ...]
) -> None:
    run(lectures(4))
    with pytest.raises(CommandError, match=r"Nothing was imported\."):
        run(content, *force)
    assert not Lecture.objects.filter(is_cancelled=True).exists()


def test_a_missing_file_is_refused(term: Semester, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was imported\."):
        call_command(
            "import_lectures",
            str(tmp_path / "nowhere.csv"),
            school="마당대학교",
            semester="2025-2",
            format="madang",
        )


@pytest.mark.parametrize("option", ["--school", "--semester", "--format"])
def test_school_semester_and_format_are_needed(option: str) -> None:
    given = {"--school": "마당대학교", "--semester": "2025-2", "--format": "madang"}
    del given[option]
    with pytest.raises(CommandError, match=option):
        call_command("import_lectures", "a.csv", *(text for pair in given.items() for text in pair))


def test_an_unknown_format_is_refused(run: Run, term: Semester) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'elsewhere'"):
        run([lecture()], **{"--format": "elsewhere"})


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_changes_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    term = SemesterFactory(school=SchoolFactory(name="마당대학교"))

    def fail(*args: Any) -> None:
        raise OperationalError(2006, "gone away")

    monkeypatch.setattr(sync, "create_times", fail)
    with pytest.raises(CommandError, match=r"gone away.*Nothing was imported\."):
        run([lecture()])
    assert not term.lectures.exists()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_few_lines_of_progress(
    run: Run, term: Semester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_lectures, "LOG_STEP", 2)
    log = StringIO()
    run(lectures(5), stderr=log)
    assert log.getvalue().splitlines() == [
        "Rows read: 2",
        "Rows read: 4",
        "Rows read: 5 of 5",
        "Lectures written: 0 of 5",
        "Lectures written: 5 of 5",
    ]


def test_a_terminal_gets_one_line_that_is_written_anew(run: Run, term: Semester) -> None:
    screen = Terminal()
    run(lectures(2), stderr=screen)
    assert screen.getvalue() == (
        "\rRows read: 2 of 2\n\rLectures written: 0 of 2\rLectures written: 2 of 2\n"
    )
