"""Small catalogues, made for a test."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from timetable.catalogue.formats.madang import COLUMNS
from timetable.catalogue.reading import Reading, read_catalogue

LIBERAL_ARTS = (
    "순번",
    "이수구분",
    "영역구분",
    "수업방법",
    "학과",
    "교과목명",
    "교과목코드",
    "수강반번호",
    "학점",
    "원격강의구분",
    "교수명",
    "캠퍼스구분",
    "강의시간/강의실",
    "비고",
)
MAJORS = (
    "순번",
    "학부(과)",
    "대상학년",
    "수업방법",
    "교과목명",
    "이수구분",
    "교과목코드",
    "분반",
    "학점",
    "교수명",
    "캠퍼스구분",
    "강의시간/강의실",
    "원격강의구분",
    "비고",
)
CANCELLED = ("NO", "교과목코드", "교과목명", "분반", "담당교수")

LECTURE = {
    "code": "CSE1001",
    "section": "1",
    "title": "자료구조",
    "professor": "김민준",
    "category": "전공",
    "area": "기초",
    "department": "컴퓨터공학과",
    "grade_year": "2",
    "credit": "3.0",
    "capacity": "40",
    "enrolled": "12",
    "campus": "서울",
    "remark": "영어강의",
    "times": "mon 09:00-10:15 @ 공학관 401",
}


def lecture(**cells: Any) -> dict[str, Any]:
    """A row of our own format."""
    return LECTURE | cells


def lectures(number: int, **cells: Any) -> list[dict[str, Any]]:
    """So many sections of one course."""
    return [lecture(section=str(section), **cells) for section in range(1, number + 1)]


def csv_file(*rows: dict[str, Any], columns: tuple[str, ...] = COLUMNS, encoding: str = "utf-8") -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def json_file(*rows: Any) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def xlsx_file(*sheets: tuple[tuple[Any, ...], ...]) -> bytes:
    """A workbook of sheets, each a row of names and rows of cells."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"시간표 {number}")
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def gnu_sheet(columns: tuple[str, ...], *rows: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    return (columns, *(tuple(row.get(column) for column in columns) for row in rows))


def gnu_row(**cells: Any) -> dict[str, Any]:
    """A row of either of the GNU sheets; `times` for its long name."""
    row = {
        "순번": "1",
        "이수구분": "전필",
        "수업방법": "대면수업",
        "학과": "국어국문학과",
        "학부(과)": "국어국문학과",
        "대상학년": "1학년",
        "교과목명": "국어학개론",
        "교과목코드": "11007413",
        "수강반번호": "1",
        "분반": "1",
        "학점": "3",
        "교수명": "오은우",
        "캠퍼스구분": "가좌캠퍼스",
    }
    if "times" in cells:
        cells["강의시간/강의실"] = cells.pop("times")
    return row | cells


def dongguk_row(**cells: Any) -> dict[str, Any]:
    row = {
        "SBJ_NO": "BIS2003",
        "DVCLS": "01",
        "SBJ_NM": "인도의철학과문화",
        "TCHR_DSC": "한하린",
        "CPDIV_CD": "전공",
        "DETL_CURI_CD": "기초",
        "OPEN_DPTMJR_CD_NM": "불교대학 불교학부",
        "SCHGRD": "1학년",
        "CDT": "3.0",
        "ALL_FULL_PCNT": 50,
        "TKCRS_PCNT": 37,
        "TMTBL_DSC": "화, 목 7교시(15:00) ~ 8교시(16:30)",
        "SBJ_DIV": None,
        "REMK": None,
        "ROOM_DSC": "337(혜화관 207-337 337 강의실)",
    }
    return row | cells


def dongguk_file(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"dsMain": rows}, ensure_ascii=False).encode()


def read(content: bytes, format: str = "madang") -> Reading:
    return read_catalogue(format=format, file=BytesIO(content))


def read_rows(*rows: dict[str, Any]) -> Reading:
    """Rows of our own format, as a file has them."""
    return read(csv_file(*rows))
