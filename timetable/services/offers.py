"""Looking up what somebody lets the wizard choose from, in the same number of queries however much it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.models import User
from api.errors import invalid
from api.text import fold
from timetable.exceptions import LectureCancelled
from timetable.models import Course, Lecture, Semester, Timetable, TimetableEntry
from timetable.text import professor_names
from timetable.times import Meets
from timetable.wizard.problem import Group, Offer, Option

# Lectures a group, once its courses are their lectures; and in all groups together.
MAX_LECTURES = 100
MAX_OPTIONS = 600

# Where in the body an id stands.
Path = tuple[str | int, ...]
# A group or something fixed, as `serializers.generation` reads it.
Body = dict[str, Any]


@dataclass(frozen=True)
class Fixed:
    """What every timetable has."""

    lectures: dict[int, Lecture] = field(default_factory=dict)
    meetings: list[Meets] = field(default_factory=list)

    def add(self, lecture: Lecture) -> None:
        """A lecture. Adding it again changes nothing that counts."""
        self.lectures[lecture.pk] = lecture
        self.meetings.extend(lecture.times.all())


@dataclass(frozen=True)
class LectureOffer:
    """Lectures to choose from, by group, and what is fixed."""

    groups: list[list[Lecture]]
    fixed: Fixed
    choose: list[int]

    def lectures(self) -> dict[int, Lecture]:
        return {lecture.pk: lecture for group in self.groups for lecture in group}

    def for_wizard(self) -> Offer:
        options = {pk: option_of(lecture) for pk, lecture in self.lectures().items()}
        groups = [
            Group(tuple(options[lecture.pk] for lecture in group), choose)
            for group, choose in zip(self.groups, self.choose, strict=True)
        ]
        subjects = frozenset(lecture.code_key for lecture in self.fixed.lectures.values())
        return Offer(tuple(groups), tuple(self.fixed.meetings), subjects)


def option_of(lecture: Lecture) -> Option:
    return Option(
        key=lecture.pk,
        subject=lecture.code_key,
        meetings=tuple(lecture.times.all()),
        professors=frozenset(map(fold, professor_names(lecture.professor))),
        rating=lecture.course.rating,
    )


def find_offer(
    *,
    user: User,
    semester: Semester,
    groups: Sequence[Body],
    fixed: Sequence[Body],
    timetable: Timetable | None,
) -> LectureOffer:
    """What is offered to choose from in a semester.

    Refuses ids that do not exist, lectures of another semester or cancelled ones, and too many lectures.
    """
    named = find_named(user, semester, dict(named_in(groups, fixed)))
    sections = find_sections(user, semester, groups)
    choices = [
        [
            *(named[pk] for pk in group.get("lectures", ())),
            *(lecture for pk in group.get("courses", ()) for lecture in sections[pk]),
        ]
        for group in groups
    ]
    refuse_too_many(choices)
    beside = find_fixed(semester, fixed, named, timetable)
    return LectureOffer(choices, beside, [group["choose"] for group in groups])


def named_in(groups: Sequence[Body], fixed: Sequence[Body]) -> Iterator[tuple[Path, int]]:
    """The ids of lectures, with where they stand."""
    for n, group in enumerate(groups):
        yield from ((("groups", n, "lectures", m), pk) for m, pk in enumerate(group.get("lectures", ())))
    yield from ((("fixed", n, "lecture"), one["lecture"]) for n, one in enumerate(fixed) if "lecture" in one)


def for_wizard(lectures: QuerySet[Lecture]) -> QuerySet[Lecture]:
    return lectures.select_related("course").prefetch_related("times")


def find_named(user: User, semester: Semester, named: dict[Path, int]) -> dict[int, Lecture]:
    """The lectures with these ids, which must take place in the semester."""
    lectures = for_wizard(Lecture.objects.visible_to(user)).in_bulk(named.values())
    refuse({path: error for path, pk in named.items() if (error := objection(lectures.get(pk), semester))})
    return lectures


def objection(lecture: Lecture | None, semester: Semester) -> ErrorDetail | None:
    if lecture is None:
        return missing()
    if lecture.semester_id != semester.pk:
        return ErrorDetail(gettext("This lecture is of another semester."), code="other_semester")
    if lecture.is_cancelled:
        return ErrorDetail(str(LectureCancelled.default_detail), code=LectureCancelled.default_code)
    return None


def missing() -> ErrorDetail:
    return ErrorDetail(gettext("There is nothing with this id."), code="does_not_exist")


def find_sections(user: User, semester: Semester, groups: Sequence[Body]) -> dict[int, list[Lecture]]:
    """The lectures of the named courses that take place in the semester, by course."""
    named: dict[Path, int] = {
        ("groups", n, "courses", m): pk
        for n, group in enumerate(groups)
        for m, pk in enumerate(group.get("courses", ()))
    }
    courses = Course.objects.visible_to(user).in_bulk(named.values())
    refuse({path: missing() for path, pk in named.items() if pk not in courses})
    lectures = Lecture.objects.visible_to(user).filter(
        semester=semester, course__in=courses, is_cancelled=False
    )
    sections: dict[int, list[Lecture]] = defaultdict(list)
    # One more than may be is enough to refuse them.
    for lecture in for_wizard(lectures).order_by("id")[: MAX_OPTIONS + 1]:
        sections[lecture.course_id].append(lecture)
    return sections


def refuse_too_many(choices: list[list[Lecture]]) -> None:
    message = gettext("There are more than %(limit)d lectures to choose from.")
    if sum(map(len, choices)) > MAX_OPTIONS:
        raise invalid("groups", message % {"limit": MAX_OPTIONS}, "too_many_lectures")
    error = ErrorDetail(message % {"limit": MAX_LECTURES}, code="too_many_lectures")
    refuse({("groups", n): error for n, choice in enumerate(choices) if len(choice) > MAX_LECTURES})


def find_fixed(
    semester: Semester, fixed: Sequence[Body], named: dict[int, Lecture], timetable: Timetable | None
) -> Fixed:
    """What is fixed by itself, and what is in a timetable but cancelled lectures."""
    found = Fixed()
    for one in fixed:
        if "lecture" in one:
            found.add(named[one["lecture"]])
        else:
            found.meetings.extend(one["times"])
    if timetable is None:
        return found
    if timetable.semester_id != semester.pk:
        raise invalid("timetable", gettext("This timetable is of another semester."), "other_semester")
    for entry in TimetableEntry.objects.filter(timetable=timetable).with_times():
        if entry.lecture is None:
            found.meetings.extend(entry.times)
        elif entry.takes_place:
            found.add(entry.lecture)
    return found


def refuse(errors: dict[Path, ErrorDetail]) -> None:
    """A 400 with each error where it belongs, if there is any."""
    if not errors:
        return
    nested: Any = {}
    for path, error in errors.items():
        place = nested
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = [error]
    raise ValidationError(nested)
