"""What an import would do: each lecture of the semester beside its row in the file."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from timetable.catalogue.reading import Reading
from timetable.catalogue.rows import COLUMNS, Cancelled, LectureRow, in_order
from timetable.models import Lecture, LectureTime, Semester
from timetable.models.lectures import meeting_fields
from timetable.times import Meeting


@dataclass(frozen=True)
class Change:
    """What becomes different about a lecture: `{field: (before, after)}`, times as tuples of meetings.

    `row` is None for a lecture that is not in the file.
    """

    lecture: Lecture
    row: LectureRow | None
    fields: dict[str, tuple[Any, Any]]

    @property
    def is_cancellation(self) -> bool:
        return self.fields.get("is_cancelled") == (False, True)

    @property
    def is_reinstatement(self) -> bool:
        return self.fields.get("is_cancelled") == (True, False)


@dataclass
class Plan:
    """What an import would do. Each lecture of the semester and of the file stands in one place.

    `gone` becomes cancelled: it is no longer in the file, or the file lists it as cancelled.
    `still_cancelled` counts lectures that are not in the file and were cancelled before. `unknown` is listed
    as cancelled, and is in neither the semester nor the file.
    """

    semester: Semester
    reading: Reading
    known: int = 0
    living: int = 0
    created: list[LectureRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Change] = field(default_factory=list)
    unknown: list[Cancelled] = field(default_factory=list)
    unchanged: int = 0
    still_cancelled: int = 0

    @property
    def changes(self) -> list[Change]:
        """In the order in which lectures are locked everywhere."""
        return sorted(self.changed + self.gone, key=lambda change: change.lecture.pk)

    def is_listed(self, key: tuple[str, str]) -> bool:
        """Whether the file lists a lecture as cancelled."""
        return key in self.reading.cancelled

    def add(self, change: Change) -> None:
        if change.is_cancellation:
            self.gone.append(change)
        elif change.fields:
            self.changed.append(change)
        elif change.row is None:
            self.still_cancelled += 1
        else:
            self.unchanged += 1


def plan_catalogue(*, semester: Semester, reading: Reading) -> Plan:
    """Compare a semester, which may not be there yet, with a file. Two queries; writes nothing."""
    plan = Plan(semester, reading)
    lectures = lectures_of(semester)
    times = times_of(semester) if semester.pk else {}
    known = {(lecture.code_key, lecture.section_key): lecture for lecture in lectures}
    plan.known = len(known)
    plan.living = sum(not lecture.is_cancelled for lecture in known.values())
    for key, lecture in known.items():
        row = reading.rows.get(key)
        fields = differences(lecture, in_order(times.get(lecture.pk, ())), row, plan.is_listed(key))
        plan.add(Change(lecture, row, fields))
    plan.created = [row for key, row in reading.rows.items() if key not in known]
    plan.unknown = [
        row for key, row in reading.cancelled.items() if key not in known and key not in reading.rows
    ]
    return plan


def lectures_of(semester: Semester) -> QuerySet[Lecture]:
    if semester.pk is None:
        return Lecture.objects.none()
    return Lecture.objects.filter(semester=semester).order_by("id")


def times_of(semester: Semester) -> dict[int, list[Meeting]]:
    """The meetings of each lecture of a semester, by its id."""
    times: dict[int, list[Meeting]] = defaultdict(list)
    for time in LectureTime.objects.filter(lecture__semester=semester).order_by():
        times[time.lecture_id].append(Meeting(**meeting_fields(time)))  # type: ignore[arg-type]
    return times


def differences(
    lecture: Lecture, times: tuple[Meeting, ...], row: LectureRow | None, listed: bool
) -> dict[str, tuple[Any, Any]]:
    """The fields in which a lecture differs from its row. One without a row is cancelled, else as it was."""
    before: dict[str, Any] = {"is_cancelled": lecture.is_cancelled}
    after: dict[str, Any] = {"is_cancelled": row is None or listed}
    if row is not None:
        before |= {name: getattr(lecture, name) for name in COLUMNS} | {"times": times}
        after |= {name: getattr(row, name) for name in COLUMNS} | {"times": row.meetings}
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}
