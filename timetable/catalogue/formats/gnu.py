"""경상국립대학교 (Gyeongsang National University): a workbook of lectures by periods.

A sheet of liberal arts, one of majors and, later in the term, one of cancelled lectures, told apart by
their columns. Times are periods: `월8,9[024-0271]` is Monday from period 8 to the end of period 9.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timetable.catalogue.cells import BadCell, plain
from timetable.catalogue.files import Table, read_content, xlsx_tables
from timetable.catalogue.notation import KOREAN_DAYS, WEEKDAY_OF
from timetable.catalogue.rows import Cancelled, Record, Rejected, Row, lecture_row
from timetable.times import Meeting

DESCRIPTION = gettext_lazy("Gyeongsang National University: XLSX, times as periods")

COMMON = {
    "code": "교과목코드",
    "title": "교과목명",
    "professor": "교수명",
    "category": "이수구분",
    "credit": "학점",
    "campus": "캠퍼스구분",
    "times": "강의시간/강의실",
}
LIBERAL_ARTS = COMMON | {"section": "수강반번호", "area": "영역구분", "department": "학과"}
MAJORS = COMMON | {"section": "분반", "grade_year": "대상학년", "department": "학부(과)"}
CANCELLED = {"code": "교과목코드", "section": "분반", "title": "교과목명", "professor": "담당교수"}
LAYOUTS = (LIBERAL_ARTS, MAJORS, CANCELLED)
# What the remark says beside 비고.
METHOD, REMOTE, REMARK = "수업방법", "원격강의구분", "비고"
IN_PERSON = "대면수업"

# Period 0 begins at 8:00, each further one an hour later, period 15 at 23:00. Published tables of the
# evening's periods were not to be found: that these go on by the hour is an assumption.
FIRST_PERIOD_AT, PERIOD_EVERY, PERIOD_LASTS = 8 * 60, 60, 50

GROUP = re.compile(
    rf"""(?P<day>[{KOREAN_DAYS}])(?P<periods>[0-9]{{1,2}}(?:,[0-9]{{1,2}})*)
    (?:\[(?P<room>[^\[\]]*)\])?
    (?:,(?=.)|$)""",
    re.VERBOSE,
)


def read(file: BinaryIO) -> Iterator[Row]:
    for table in xlsx_tables(read_content(file)):
        layout = layout_of(table)
        for record in table.records:
            yield cancelled_of(record) if layout is CANCELLED else lecture_of(record, layout)


def layout_of(table: Table) -> dict[str, str]:
    """The layout whose columns a sheet has. Raises CatalogueError naming what the nearest would need."""
    layout = min(LAYOUTS, key=lambda layout: len(table.missing(needed(layout))))
    table.require(needed(layout))
    return layout


def needed(layout: dict[str, str]) -> Iterable[str]:
    return layout.values() if layout is CANCELLED else (*layout.values(), METHOD, REMOTE, REMARK)


def lecture_of(record: Record, layout: dict[str, str]) -> Row:
    cells = {field: record.cell(column) for field, column in layout.items()}
    row = lecture_row(record, cells | {"remark": remark_of(record)}, read_times)
    if isinstance(row, Rejected) or is_code(row.code):
        return row
    return Rejected(record.line, bad_code(row.code))


def cancelled_of(record: Record) -> Row:
    """Sections have leading zeros on this sheet alone: `005` is section 5."""
    try:
        code, section = (plain(record.cell(CANCELLED[field])) for field in ("code", "section"))
    except BadCell as error:
        return Rejected(record.line, str(error))
    if not is_code(code):
        return Rejected(record.line, bad_code(code))
    return Cancelled(record.line, code, section.lstrip("0"))


def is_code(code: str) -> bool:
    """Eight digits. Anything else is another column's: the cells have shifted."""
    return re.fullmatch(r"[0-9]{8}", code) is not None


def bad_code(code: str) -> str:
    return _("The code must have 8 digits, not be “%(code)s”.") % {"code": code[:50]}


def remark_of(record: Record) -> Any:
    """비고, after how it is taught where that is not in person."""
    method, remote, remark = (record.cell(column) for column in (METHOD, REMOTE, REMARK))
    parts = [part for part in (None if method == IN_PERSON else method, remote, remark) if part]
    return ", ".join(map(str, parts))


def read_times(value: Any) -> Iterator[Meeting]:
    """`수4[101-0348],금4,5[101-0348]`. Raises ValueError for what is none."""
    text, position = plain(value), 0
    while position < len(text):
        group = GROUP.match(text, position)
        if group is None:
            raise ValueError(text)
        position = group.end()
        for first, last in runs(map(int, group["periods"].split(","))):
            yield meeting(group["day"], first, last, group["room"] or "")


def runs(periods: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last of each run: 1, 2, 3, 6, 7 are (1, 3) and (6, 7)."""
    found: list[tuple[int, int]] = []
    for period in periods:
        if found and period == found[-1][1] + 1:
            found[-1] = (found[-1][0], period)
        else:
            found.append((period, period))
    return found


def meeting(day: str, first: int, last: int, room: str) -> Meeting:
    """From the start of the first period to the end of the last."""
    start, end = (FIRST_PERIOD_AT + PERIOD_EVERY * period for period in (first, last))
    return Meeting(WEEKDAY_OF[day], start, end + PERIOD_LASTS, room.strip())
