"""Imports at one moment with others, and with people who save lectures."""

from functools import partial
from typing import Any

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from conftest import Client
from timetable.models import Course, Lecture, LectureTime
from timetable.services.catalogue import sync_catalogue
from timetable.tests.catalogues import lectures, read_rows
from timetable.tests.factories import SemesterFactory, TimetableFactory

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

ROUNDS = range(4)


def test_of_two_imports_of_one_file_one_creates_and_the_other_changes_nothing() -> None:
    for _ in ROUNDS:
        term, reading = SemesterFactory(), read_rows(*lectures(30))
        reports = at_once(*[partial(sync_catalogue, semester=term, reading=reading)] * 3)
        assert sorted(report.counts()["created"] for report in reports) == [0, 0, 30]
        assert term.lectures.count() == LectureTime.objects.filter(lecture__semester=term).count() == 30


def test_imports_into_two_semesters_of_a_school_share_their_courses() -> None:
    rows = [row for code in range(60) for row in lectures(2, code=f"CSE{code}")]
    for _ in ROUNDS:
        first = SemesterFactory()
        second = SemesterFactory(school=first.school, term="1")
        at_once(
            partial(sync_catalogue, semester=first, reading=read_rows(*rows)),
            partial(sync_catalogue, semester=second, reading=read_rows(*rows[::-1])),
        )
        assert Course.objects.filter(school=first.school).count() == 60
        assert first.lectures.count() == second.lectures.count() == 120


def test_people_save_lectures_while_an_import_changes_them() -> None:
    term = SemesterFactory()
    sync_catalogue(semester=term, reading=read_rows(*lectures(5, times="")))
    saved = Lecture.objects.filter(section="1").get()
    people = [UserFactory(school=term.school) for _ in range(4)]
    paths = [
        f"/api/v1/timetables/{TimetableFactory(semester=term, user=user).pk}/entries/" for user in people
    ]
    calls: list[Any] = [
        partial(Client(user).post, path, {"lecture": saved.pk})
        for user, path in zip(people, paths, strict=True)
    ]
    changed = read_rows(*lectures(5, times="", enrolled="30", remark="새 비고"))
    *answers, _report = at_once(*calls, partial(sync_catalogue, semester=term, reading=changed))
    assert [answer.status_code for answer in answers] == [201] * 4
    saved.refresh_from_db()
    assert (saved.saved_count, saved.enrolled) == (4, 30)
