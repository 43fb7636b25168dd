"""Our own columns; see docs/guides/importing-a-catalogue.md."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timetable.catalogue import notation
from timetable.catalogue.cells import CatalogueError, plain
from timetable.catalogue.files import Table, some_names, tables
from timetable.catalogue.rows import COLUMNS as LECTURE_COLUMNS
from timetable.catalogue.rows import Record, Row, lecture_row
from timetable.times import MEETING_FIELDS, Meeting

DESCRIPTION = gettext_lazy("Madang's own columns: CSV, XLSX or JSON")

COLUMNS = (*LECTURE_COLUMNS, "times")


def read(file: BinaryIO) -> Iterator[Row]:
    for table in tables(file):
        check_columns(table)
        yield from map(row_of, table.records)


def check_columns(table: Table) -> None:
    """All columns must be there: one left out by mistake would empty that field of every lecture."""
    unknown = [column for column in table.columns if column and column not in COLUMNS]
    if unknown:
        values = {"table": table.name, "columns": some_names(unknown)}
        raise CatalogueError(_("%(table)s has columns with unknown names: %(columns)s.") % values)
    table.require(COLUMNS)


def row_of(record: Record) -> Row:
    cells = dict(record.cells)
    years = cells.get("grade_year")
    if isinstance(years, list):
        cells["grade_year"] = ",".join(map(str, years))
    return lecture_row(record, cells, read_times)


def read_times(value: Any) -> list[Meeting]:
    """Times as a text, or in JSON as objects with the fields that the API has."""
    if isinstance(value, str):
        return notation.read_times(plain(value))
    if isinstance(value, list):
        return [read_object(time) for time in value]
    raise ValueError(value)


def read_object(time: Any) -> Meeting:
    if not isinstance(time, dict) or not set(time) <= set(MEETING_FIELDS):
        raise ValueError(time)
    numbers: dict[str, Any] = {name: time.get(name) for name in MEETING_FIELDS if name != "place"}
    for name, value in numbers.items():
        if type(value) is not int and not (value is None and name.endswith("_week")):
            raise ValueError(time)
    return Meeting(**numbers, place=plain(time.get("place")))
