"""Files of every kind, and what is no file of any."""

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from timetable.catalogue import files, reading
from timetable.catalogue.cells import CatalogueError
from timetable.catalogue.formats.madang import COLUMNS
from timetable.tests.catalogues import csv_file, json_file, lecture, lectures, read, read_rows, xlsx_file


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def sheet(*rows: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    return (COLUMNS, *(tuple(row[column] for column in COLUMNS) for row in rows))


@pytest.mark.parametrize(
    "content",
    [
        csv_file(lecture()),
        csv_file(lecture(), encoding="utf-8-sig"),
        csv_file(lecture(), encoding="cp949"),
        csv_file(lecture()).replace(b"\r\n", b"\n"),
        csv_file(lecture(), columns=COLUMNS[::-1]),
        json_file(lecture()),
        b"\xef\xbb\xbf" + json_file(lecture()),
        xlsx_file(sheet(lecture())),
        xlsx_file((), sheet(lecture())),
    ],
    ids=["csv", "bom", "cp949", "lf", "other order", "json", "json with a bom", "xlsx", "second sheet"],
)
def test_a_file_is_read_for_what_it_is(content: bytes) -> None:
    (row,) = read(content).rows.values()
    assert (row.title, row.professor, row.credit, len(row.meetings)) == ("자료구조", "김민준", 3, 1)


def lines_of(content: bytes) -> list[str]:
    return [row.line for row in read(content).rows.values()]


def test_rows_are_named_by_their_lines() -> None:
    rows = lectures(2)
    assert lines_of(csv_file(*rows)) == ["line 2", "line 3"]
    assert lines_of(json_file(*rows)) == ["item 1", "item 2"]
    assert lines_of(xlsx_file(sheet(rows[0]), sheet(rows[1]))) == ["sheet 1, line 2", "sheet 2, line 2"]


def test_a_cell_of_several_lines_moves_the_lines_after_it() -> None:
    first, second = lectures(2)
    assert lines_of(csv_file(first | {"remark": "a\nb"}, second)) == ["line 2", "line 4"]


def test_blank_rows_are_passed_over() -> None:
    rows = (*sheet(lecture()), (None, ""), (None,), sheet(lecture(section="2"))[1])
    assert lines_of(xlsx_file(rows)) == ["sheet 1, line 2", "sheet 1, line 5"]


def test_numbers_in_a_workbook_are_texts() -> None:
    (row,) = read(xlsx_file(sheet(lecture(code=11020881, section=1.0, credit=0.5)))).rows.values()
    assert (row.code, row.section, str(row.credit)) == ("11020881", "1", "0.5")


def test_a_workbook_that_belittles_its_size_is_read_whole() -> None:
    archive = zipfile.ZipFile(BytesIO(xlsx_file(sheet(*lectures(3)))))
    forged = BytesIO()
    with zipfile.ZipFile(forged, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:N4"', b'ref="A1:N2"')
                assert b"A1:N2" in content
            copy.writestr(name, content)
    assert len(read(forged.getvalue()).rows) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n", "The file is empty"),
        (b"\xd0\xcf\x11\xe0 and so on", "Save it as XLSX"),
        (b"PK\x03\x04 and so on", "no XLSX file"),
        (b"\xff\xfe\x00\x01", "neither UTF-8 nor CP949"),
        (b"%PDF-1.4", "unknown names: %PDF-1.4"),
        (b'code,"section', "no CSV"),
        (b"code\x00", "no CSV|lacks these columns: section"),
        (b"[{", "no JSON"),
        (b'{"code": 1}', "array of objects"),
        (b"[1]", "array of objects"),
        (b"[" * 100_000, "no JSON"),
        (b"[" + b"9" * 5_000 + b"]", "no JSON"),
        (csv_file(), "no lecture in this file"),
        (json_file(), "lacks these columns"),
        (xlsx_file(()), "no lecture in this file"),
        (csv_file(columns=(*COLUMNS, "code")), "columns twice: code"),
        (csv_file(lecture(title="")), "line 2: Title is missing"),
    ],
    # Named by hand: a workbook holds the second it was made in, and test workers must agree on names.
    ids=[
        "nothing",
        "a bom alone",
        "an old workbook",
        "no zip",
        "no text",
        "a pdf",
        "an open quote",
        "a zero byte",
        "json cut short",
        "a json object",
        "json of numbers",
        "deep json",
        "a huge json number",
        "csv without rows",
        "json without rows",
        "a workbook without rows",
        "a column twice",
        "no title",
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_reason(content: bytes, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        read(content)


def test_a_workbook_broken_in_the_middle_is_refused() -> None:
    content = xlsx_file(sheet(*lectures(200)))
    archive, broken = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(broken, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name)
            copy.writestr(name, text[: len(text) // 2] if name.endswith("sheet1.xml") else text)
    with pytest.raises(CatalogueError, match="no XLSX file"):
        read(broken.getvalue())


def test_a_workbook_that_names_entities_is_refused() -> None:
    archive, forged = zipfile.ZipFile(BytesIO(xlsx_file(sheet(lecture())))), BytesIO()
    with zipfile.ZipFile(forged, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name)
            if name.endswith("sheet1.xml"):
                text = b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
            copy.writestr(name, text)
    with pytest.raises(CatalogueError, match="no XLSX file"):
        read(forged.getvalue())


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000)
    with pytest.raises(CatalogueError, match="larger than"):
        read(csv_file(*lectures(50)))


def test_a_workbook_that_grows_out_of_proportion_is_refused() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (files.MAX_UNZIPPED_BYTES + 1))
    assert len(bomb.getvalue()) < files.MEBIBYTE
    with pytest.raises(CatalogueError, match="once it is unpacked"):
        read(bomb.getvalue())


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(read_rows(*lectures(3)).rows) == 3
    with pytest.raises(CatalogueError, match="more than 3 rows"):
        read_rows(*lectures(4))


def test_a_sheet_of_too_many_blank_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINES", 10)
    rows = (*sheet(lecture()), *[()] * 20, sheet(lecture(section="2"))[1])
    with pytest.raises(CatalogueError, match="more than 10 rows"):
        read(xlsx_file(rows))


def test_a_row_with_cells_beside_the_columns_is_rejected() -> None:
    content = csv_file(*lectures(2)) + b"CSE1001,3,a,b,c,d,e,2,3,1,1,f,g,,too much\r\n"
    (rejected,) = read(content).rejected
    assert (rejected.line, rejected.reason) == ("line 4", "There are more cells than columns.")


def test_a_date_in_a_workbook_is_rejected() -> None:
    workbook = openpyxl.load_workbook(BytesIO(xlsx_file(sheet(*lectures(2)))))
    workbook.active["H2"].value = date(2025, 1, 2)
    file = BytesIO()
    workbook.save(file)
    (rejected,) = read(file.getvalue()).rejected
    assert "neither text nor a number" in rejected.reason


@pytest.mark.parametrize("section", ["1", " 1 ", "１"])
def test_the_second_row_of_a_section_is_rejected_and_names_the_first(section: str) -> None:
    found = read_rows(lecture(), lecture(code="cse 1001", section=section, title="다른 강의"))
    assert [row.title for row in found.rows.values()] == ["자료구조"]
    (rejected,) = found.rejected
    assert rejected.line == "line 3"
    assert "line 2" in rejected.reason


def test_progress_is_told_row_by_row_and_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    reading.read_catalogue(
        format="madang",
        file=BytesIO(csv_file(*lectures(3))),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 0), (2, 0), (3, 0), (3, 3)]


def test_blank_lines_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINES", 3)
    assert len(read(csv_file(*lectures(2))).rows) == 2
    with pytest.raises(CatalogueError, match="more than 3 rows"):
        read(csv_file(lecture()) + b"\r\n\r\n\r\n")


def test_a_workbook_with_huge_styles_is_refused() -> None:
    archive, forged = zipfile.ZipFile(BytesIO(xlsx_file(sheet(lecture())))), BytesIO()
    with zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            padding = b" " * files.MAX_PART_BYTES if name.endswith("styles.xml") else b""
            copy.writestr(name, archive.read(name) + padding)
    with pytest.raises(CatalogueError, match="once it is unpacked"):
        read(forged.getvalue())


def test_a_cell_that_is_far_too_long_is_refused_before_it_is_normalised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("timetable.catalogue.cells.normalise", lambda text: text[:4_000])
    (rejected,) = read(json_file(lecture(title="a" * 4_001), lecture())).rejected
    assert rejected.reason == "A cell is longer than 4000 characters."


def test_a_message_has_some_columns_and_some_of_their_names() -> None:
    columns = {"\ud800" + "a" * 100: 1} | {f"c{number}": 1 for number in range(100)}
    with pytest.raises(CatalogueError) as refused:
        read(json.dumps([lecture() | columns]).encode())
    assert len(str(refused.value).encode()) < 300
