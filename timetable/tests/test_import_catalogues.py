"""The catalogues that come along, whole."""

from collections import Counter
from pathlib import Path

import pytest

from timetable.catalogue.reading import Reading, read_catalogue
from timetable.models import Course, Lecture, LectureChange, LectureTime
from timetable.services.catalogue import sync_catalogue
from timetable.tests.factories import SemesterFactory
from timetable.times import clock

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[1] / "data"


def read(name: str, format: str) -> Reading:
    with (DATA / name).open("rb") as file:
        return read_catalogue(format=format, file=file)


def test_gnu_b_after_a_cancels_145_lectures_and_changes_nothing_else() -> None:
    term = SemesterFactory()
    first, second = (read(f"gnu-2025-2-{part}.xlsx", "gnu") for part in "ab")

    made = sync_catalogue(semester=term, reading=first).counts()

    assert (made["rows"], made["lectures"], made["created"], made["rejected"]) == (4769, 4769, 4769, 0)
    assert (made["times_parsed"], made["times_absent"], made["times_not_understood"]) == (3417, 1352, 0)
    assert Lecture.objects.count() == 4769
    assert LectureTime.objects.count() == made["meetings"] == 4529
    assert not Lecture.objects.exclude(grade_year=0).filter(course=None).exists()

    report = sync_catalogue(semester=term, reading=second)

    counts = report.counts()
    assert (counts["rows"], counts["lectures"], counts["rejected"]) == (4624, 4624, 0)
    assert (counts["created"], counts["changed"], counts["gone"], counts["unchanged"]) == (0, 0, 145, 4624)
    assert (counts["times_parsed"], counts["times_absent"], counts["times_not_understood"]) == (3286, 1338, 0)
    named = report.as_json()["named"]
    assert all(row["listed"] and not row["in_file"] for row in named["gone"])
    assert [(row["line"], row["code"], row["section"]) for row in named["unknown_cancelled"]] == [
        ("sheet 3, line 20", "11020734", "9"),
        ("sheet 3, line 21", "11020734", "10"),
    ]
    assert (counts["listed_cancelled"], counts["unknown_cancelled"]) == (147, 2)
    assert Lecture.objects.filter(is_cancelled=True).count() == 145
    assert Lecture.objects.count() == 4769
    assert LectureTime.objects.count() == 4529
    assert LectureChange.objects.count() == 145

    before = Lecture.objects.order_by("-updated_at").first()
    courses = Course.objects.count()
    again = sync_catalogue(semester=term, reading=second).counts()

    assert (again["created"], again["changed"], again["gone"], again["unchanged"]) == (0, 0, 0, 4624)
    assert again["still_cancelled"] == 145
    assert Lecture.objects.order_by("-updated_at").first().updated_at == before.updated_at
    assert Course.objects.count() == courses
    assert LectureChange.objects.count() == 145


def test_dongguk_comes_in_whole() -> None:
    term = SemesterFactory()

    counts = sync_catalogue(semester=term, reading=read("dongguk-2025-2.json", "dongguk")).counts()

    assert (counts["rows"], counts["lectures"], counts["created"], counts["rejected"]) == (
        2506,
        2506,
        2506,
        0,
    )
    assert (counts["times_parsed"], counts["times_absent"], counts["times_not_understood"]) == (2393, 113, 0)
    weeks = LectureTime.objects.exclude(first_week=None)
    assert Counter(weeks.values_list("first_week", "last_week")) == {
        (1, 5): 2,
        (6, 10): 1,
        (8, 8): 4,
        (9, 15): 6,
    }
    ends = {clock(end)[3:] for end in LectureTime.objects.values_list("end", flat=True)}
    assert {"25", "40"} <= ends
    assert Lecture.objects.filter(grade_year=126).count() == 262
    again = sync_catalogue(semester=term, reading=read("dongguk-2025-2.json", "dongguk")).counts()
    assert again["unchanged"] == 2506
