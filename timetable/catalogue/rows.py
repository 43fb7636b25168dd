"""What a catalogue's file says, row by row, checked against what a lecture can hold."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from api.text import fold
from timetable.catalogue.cells import (
    BadCell,
    count_cell,
    credit_cell,
    limit,
    plain,
    text_cell,
    too_long,
    year_bits,
)
from timetable.models import Course, Lecture, LectureTime
from timetable.models.lectures import professor_key
from timetable.text import initials
from timetable.times import DAY, MAX_WEEKS, WEEKDAYS, Meeting

# The columns of a lecture that a file gives: texts, and all.
TEXTS = (
    "code",
    "section",
    "title",
    "professor",
    "category",
    "area",
    "department",
    "campus",
    "remark",
)
COLUMNS = (*TEXTS, "grade_year", "credit", "capacity", "enrolled")


@dataclass(frozen=True)
class Record:
    """A row of a file, by the names of its columns. `surplus` is set where cells stand beside the columns."""

    line: str
    cells: Mapping[str, Any]
    surplus: bool = False

    def cell(self, column: str) -> Any:
        return self.cells.get(column)


@dataclass(frozen=True)
class LectureRow:
    """A lecture as a file has it. `line` says where, such as `sheet 2, line 17`.

    `grade_year` is in bits, as `Lecture` has it. `unread_times` is the text of times that were not
    understood; there are no meetings then.
    """

    line: str
    code: str
    section: str
    title: str
    professor: str
    category: str
    area: str
    department: str
    campus: str
    remark: str
    grade_year: int
    credit: Decimal
    capacity: int | None
    enrolled: int | None
    meetings: tuple[Meeting, ...] = ()
    unread_times: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells the lectures of a semester apart."""
        return fold(self.code), fold(self.section)

    @property
    def course_key(self) -> tuple[str, str]:
        """What tells the courses of a school apart."""
        return fold(self.code), fold(professor_key(self.professor))


@dataclass(frozen=True)
class Rejected:
    """A row that becomes no lecture."""

    line: str
    reason: str


@dataclass(frozen=True)
class Cancelled:
    """A row that says a lecture is cancelled."""

    line: str
    code: str
    section: str

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.code), fold(self.section)


Row = LectureRow | Rejected | Cancelled
ReadTimes = Callable[[Any], Iterable[Meeting]]


def lecture_row(record: Record, cells: Mapping[str, Any], read_times: ReadTimes) -> LectureRow | Rejected:
    """The lecture in `cells`, which have our names of fields, `times` among them.

    `read_times` gets the cell of the times unless it is empty, and raises ValueError where it does not
    understand it: the lecture is imported without times then.
    """
    try:
        if record.surplus:
            raise BadCell(_("There are more cells than columns."))
        row = LectureRow(
            line=record.line,
            **text_cells(cells),
            grade_year=year_bits(cells.get("grade_year")),
            credit=credit_cell(cells.get("credit")),
            capacity=count_cell("capacity", cells.get("capacity")),
            enrolled=count_cell("enrolled", cells.get("enrolled")),
            **times_cells(cells.get("times"), read_times),
        )
        check_keys(row)
    except BadCell as error:
        return Rejected(record.line, str(error))
    return row


def text_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text_cell(name, cells.get(name)) for name in TEXTS}


def check_keys(row: LectureRow) -> None:
    """Refuse what is too long only once it is folded: a compatibility form can become many letters."""
    lengths = (
        ("code", Lecture, "code_key", row.key[0]),
        ("section", Lecture, "section_key", row.key[1]),
        ("professor", Course, "professor_key", row.course_key[1]),
        ("title", Lecture, "title_initials", initials(row.title)),
    )
    for name, model, attr, value in lengths:
        if len(value) > limit(model, attr):
            raise too_long(name, limit(model, attr))


def times_cells(value: Any, read_times: ReadTimes) -> dict[str, Any]:
    """The meetings, in the order of the week, or the text that was not understood."""
    if value is None or value == [] or (isinstance(value, str) and not plain(value)):
        return {}
    try:
        return {"meetings": in_order(checked(meeting) for meeting in read_times(value))}
    except ValueError:
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        return {"unread_times": plain(shown[:500])}


def checked(meeting: Meeting) -> Meeting:
    """A meeting that the database takes. Raises ValueError for any other."""
    hours = meeting.weekday in WEEKDAYS and 0 <= meeting.start < meeting.end <= DAY
    if not (hours and weeks_fit(meeting) and len(meeting.place) <= limit(LectureTime, "place")):
        raise ValueError(meeting)
    return meeting


def weeks_fit(meeting: Meeting) -> bool:
    first, last = meeting.first_week, meeting.last_week
    if first is None or last is None:
        return first is last
    return 1 <= first <= last <= MAX_WEEKS


def in_order(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Sorted; those of every week before those of some weeks."""
    return tuple(
        sorted(
            meetings,
            key=lambda meeting: (
                meeting.weekday,
                meeting.start,
                meeting.end,
                meeting.place,
                meeting.first_week or 0,
                meeting.last_week or 0,
            ),
        )
    )
