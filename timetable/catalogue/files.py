"""XLSX, CSV and JSON files as tables, within limits: whoever uploads one may have been given anything."""

import csv
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import gettext as _

from timetable.catalogue.cells import BadCell, CatalogueError, plain
from timetable.catalogue.rows import Record

MEBIBYTE = 1024 * 1024
MAX_BYTES = 20 * MEBIBYTE
# A workbook is a ZIP file, and tables shrink to a tenth. This is what one may grow to.
MAX_UNZIPPED_BYTES = 30 * MEBIBYTE
MAX_COLUMNS = 60
# Of the parts that are no sheets: what styles and themes are read for is not wanted.
MAX_PART_BYTES = 2 * MEBIBYTE
# Rows of a table, blank ones too, which take few bytes and some time each.
MAX_LINES = 200_000
# So many names of columns stand in a message, and so much of each.
MAX_NAMES, MAX_NAME = 20, 50

# Where a workbook keeps its rows and the texts in them.
TABLES = ("xl/worksheets/", "xl/sharedStrings")
XLSX_SIGNATURE, XLS_SIGNATURE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Table:
    """A sheet, or a whole file. `name` says which, in messages."""

    name: str
    columns: tuple[str, ...]
    records: Iterator[Record]

    def missing(self, columns: Iterable[str]) -> list[str]:
        return [column for column in columns if column not in self.columns]

    def require(self, columns: Iterable[str]) -> None:
        """Raise CatalogueError, naming them, where columns are missing or have other names."""
        if missing := self.missing(columns):
            values = {"table": self.name, "columns": some_names(missing)}
            raise CatalogueError(_("%(table)s lacks these columns: %(columns)s.") % values)


def tables(file: BinaryIO) -> Iterator[Table]:
    """The tables of an XLSX, CSV or JSON file, whichever it is. Raises CatalogueError for any other."""
    content = read_content(file)
    if content.startswith(XLS_SIGNATURE):
        raise CatalogueError(_("This is an old XLS file. Save it as XLSX."))
    if content.startswith(XLSX_SIGNATURE):
        yield from xlsx_tables(content)
        return
    text = decode(content)
    yield json_table(text) if text.lstrip().startswith(("[", "{")) else csv_table(text)


def read_content(file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise CatalogueError(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // MEBIBYTE})
    return content


def decode(content: bytes) -> str:
    """UTF-8, with or without a byte order mark, or CP949, in which Excel writes CSV in Korea."""
    for encoding in ("utf-8", "cp949"):
        try:
            return content.decode(encoding).removeprefix(BYTE_ORDER_MARK)
        except UnicodeDecodeError:
            continue
    raise CatalogueError(_("This is no text that can be read: neither UTF-8 nor CP949."))


# --- XLSX


def xlsx_tables(content: bytes) -> Iterator[Table]:
    """A table a sheet that is not empty."""
    check_size(content)
    workbook = guarded(lambda: openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True))
    for number, sheet in enumerate(workbook.worksheets, 1):
        # What a sheet says of its own size may be wrong, and rows would be missing.
        sheet.reset_dimensions()
        where = _("sheet %(number)d") % {"number": number}
        rows = numbered(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS))
        name = f"{where} ({sheet.title})"
        if table := table_of(name, ((f"{where}, {line_text(line)}", cells) for line, cells in rows)):
            yield table


def check_size(content: bytes) -> None:
    """Refuse a workbook that grows out of all proportion. Reading stops at the sizes it declares."""
    files = guarded(lambda: zipfile.ZipFile(BytesIO(content)).infolist())
    parts = [file.file_size for file in files if not file.filename.startswith(TABLES)]
    if sum(file.file_size for file in files) > MAX_UNZIPPED_BYTES or sum(parts) > MAX_PART_BYTES:
        values = {"limit": MAX_UNZIPPED_BYTES // MEBIBYTE}
        raise CatalogueError(_("The workbook is larger than %(limit)d MB once it is unpacked.") % values)


def guarded(read: Any) -> Any:
    """What `read` returns; a CatalogueError for whatever it raises.

    The parsers of ZIP and XML have errors of many kinds for a file that is broken or forged.
    """
    try:
        return read()
    except Exception as error:
        raise CatalogueError(_("This is no XLSX file that can be read.")) from error


def numbered(rows: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """Rows with their numbers, from 1."""
    line, end = 0, object()
    while (row := guarded(lambda: next(rows, end))) is not end:
        line += 1
        refuse_long_table(line)
        yield line, row


def refuse_long_table(line: int) -> None:
    if line > MAX_LINES:
        raise CatalogueError(_("A table has more than %(limit)d rows.") % {"limit": MAX_LINES})


# --- CSV


def csv_table(text: str) -> Table:
    table = table_of(_("The file"), ((line_text(line), cells) for line, cells in csv_rows(text)))
    if table is None:
        raise CatalogueError(_("The file is empty."))
    return table


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the lines they begin on: a quoted cell may go on for several."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            refuse_long_table(line)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        values = {"line": line, "error": error}
        raise CatalogueError(_("Line %(line)d of the file is no CSV: %(error)s.") % values) from None


# --- Both


def table_of(name: str, rows: Iterator[tuple[str, Any]]) -> Table | None:
    """A table whose first row that is not blank names its columns; None where there is none."""
    rows = ((line, cells) for line, cells in rows if not all(map(is_blank, cells)))
    _line, header = next(rows, ("", ()))
    if not header:
        return None
    columns = tuple(column_name(cell) for cell in header)
    twice = [column for column, times in Counter(columns).items() if column and times > 1]
    if twice:
        values = {"table": name, "columns": some_names(twice)}
        raise CatalogueError(_("%(table)s has these columns twice: %(columns)s.") % values)
    return Table(name, columns, (record(line, columns, cells) for line, cells in rows))


def some_names(columns: list[str]) -> str:
    """Names as a message has them: some of each, and without the halves of characters that JSON can hold."""
    names = (name[:MAX_NAME].encode(errors="replace").decode() for name in columns[:MAX_NAMES])
    return ", ".join(names)


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_name(cell: Any) -> str:
    try:
        return plain(cell)
    except BadCell:
        return ""


def record(line: str, columns: tuple[str, ...], cells: Any) -> Record:
    """A cell without a column says that something has shifted."""
    named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    surplus = any(
        not is_blank(cell)
        for position, cell in enumerate(cells)
        if position >= len(columns) or not columns[position]
    )
    return Record(line, named, surplus)


def line_text(line: int) -> str:
    return _("line %(line)d") % {"line": line}


# --- JSON


def json_table(text: str, key: str | None = None) -> Table:
    """The objects of an array, or of the array under `key` of an object. Their columns are all their keys."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CatalogueError(_("The file is no JSON: %(error)s.") % {"error": error}) from None
    if key is not None:
        items = items.get(key) if isinstance(items, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        where = _("an array of objects under “%(key)s”") % {"key": key} if key else _("an array of objects")
        raise CatalogueError(_("The JSON must be %(where)s.") % {"where": where})
    columns = tuple(dict.fromkeys(column for item in items for column in item))
    return Table(
        _("The file"),
        columns,
        (Record(_("item %(item)d") % {"item": number}, item) for number, item in enumerate(items, 1)),
    )
