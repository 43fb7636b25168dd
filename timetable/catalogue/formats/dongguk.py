"""동국대학교 (Dongguk University): the JSON behind its search of lectures.

Times are `화, 목 7교시(15:00) ~ 8교시(16:30)`, several joined by commas, of which the clock counts and not
the period. `1주차 - 5주차` before one is a range of weeks, for it and those after it up to the next range.
Rooms stand apart, and not in an order that says which belongs to which time: each time has them all.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy

from timetable.catalogue.cells import plain
from timetable.catalogue.files import decode, json_table, read_content
from timetable.catalogue.notation import KOREAN_DAYS, WEEKDAY_OF, minutes
from timetable.catalogue.rows import Record, Row, lecture_row
from timetable.times import Meeting

DESCRIPTION = gettext_lazy("Dongguk University: JSON, times by the clock")

ARRAY = "dsMain"
COLUMNS = {
    "code": "SBJ_NO",
    "section": "DVCLS",
    "title": "SBJ_NM",
    "professor": "TCHR_DSC",
    "category": "CPDIV_CD",
    "area": "DETL_CURI_CD",
    "department": "OPEN_DPTMJR_CD_NM",
    "grade_year": "SCHGRD",
    "credit": "CDT",
    "capacity": "ALL_FULL_PCNT",
    "enrolled": "TKCRS_PCNT",
    "times": "TMTBL_DSC",
}
KIND, REMARK, ROOMS = "SBJ_DIV", "REMK", "ROOM_DSC"

PART = re.compile(
    rf"""(?:(?P<first>[0-9]+)주차\s-\s(?P<last>[0-9]+)주차\s)?
    (?P<days>[{KOREAN_DAYS}](?:,\s[{KOREAN_DAYS}])*)\s
    [0-9.]+교시\((?P<start>[0-9]{{2}}:[0-5][0-9])\)\s~\s[0-9.]+교시\((?P<end>[0-9]{{2}}:[0-5][0-9])\)
    (?:,\s(?=.)|$)""",
    re.VERBOSE,
)


def read(file: BinaryIO) -> Iterator[Row]:
    table = json_table(decode(read_content(file)), key=ARRAY)
    table.require((*COLUMNS.values(), KIND, REMARK, ROOMS))
    yield from map(row_of, table.records)


def row_of(record: Record) -> Row:
    cells = {field: record.cell(column) for field, column in COLUMNS.items()}
    remarks = [record.cell(column) for column in (KIND, REMARK)]
    cells["remark"] = ", ".join(str(remark) for remark in remarks if remark)
    return lecture_row(record, cells, partial(read_times, rooms=record.cell(ROOMS)))


def read_times(value: Any, rooms: Any) -> Iterator[Meeting]:
    """The meetings in a text. Raises ValueError for one that is not understood."""
    text, place = plain(value), plain(rooms)
    position, first, last = 0, None, None
    while position < len(text):
        part = PART.match(text, position)
        if part is None:
            raise ValueError(text)
        position = part.end()
        if part["first"]:
            first, last = int(part["first"]), int(part["last"])
        for day in part["days"].split(", "):
            start, end = minutes(part["start"]), minutes(part["end"])
            yield Meeting(WEEKDAY_OF[day], start, end, place, first, last)
