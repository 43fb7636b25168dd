"""Exam notes and points, as tests begin with them."""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from timetable.models import ExamNote, Lecture, PointAccount, PointEntry, TimetableEntry
from timetable.services.exam_notes import create_note
from timetable.services.points import book, lock_account
from timetable.tests.factories import CourseFactory, TimetableFactory

NOTES, POINTS = "/api/v1/exam-notes/", "/api/v1/points/"
STRATEGY = "강의록만 보면 됩니다. 3장의 증명은 꼭 외우세요."
SAMPLES = ["스택 두 개로 큐를 만들어라.", "AVL 트리의 회전 네 가지를 그려라."]


def attend(user: User, lecture: Lecture) -> None:
    """Put a lecture into a timetable of somebody's."""
    timetable = TimetableFactory(user=user, semester=lecture.semester)
    TimetableEntry.objects.create(timetable=timetable, lecture=lecture)
    Lecture.objects.filter(pk=lecture.pk).update(saved_count=F("saved_count") + 1)


def tell(user: User, lecture: Lecture, **fields: Any) -> ExamNote:
    """A note that somebody wrote, who had the lecture."""
    if not TimetableEntry.objects.filter(timetable__user=user, lecture=lecture).exists():
        attend(user, lecture)
    given = {"kind": "midterm", "strategy": STRATEGY, "samples": SAMPLES} | fields
    return create_note(user=user, course=lecture.course, semester=lecture.semester, **given)


def body_of(lecture: Lecture, **fields: Any) -> dict[str, Any]:
    about = {"course": lecture.course_id, "semester": lecture.semester_id, "kind": "midterm"}
    return about | {"strategy": STRATEGY, "samples": SAMPLES} | fields


def earn(user: User, lecture: Lecture, points: int) -> None:
    """Points, as if for a review of another course."""
    with transaction.atomic():
        course = CourseFactory(school=lecture.semester.school)
        entry = {"reason": PointEntry.Reason.REVIEW, "course": course, "semester": lecture.semester}
        book(lock_account(user), points, **entry)


def unlock_url(note: ExamNote) -> str:
    return f"{NOTES}{note.pk}/unlock/"


def assert_ledgers_are_exact() -> None:
    """Every balance is the sum of its ledger, and none is below zero."""
    for account in PointAccount.objects.all():
        amounts = PointEntry.objects.filter(user=account.user).values_list("amount", flat=True)
        assert account.balance == sum(amounts) >= 0
