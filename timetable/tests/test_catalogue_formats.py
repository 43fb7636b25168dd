"""Each format, by small files of its kind."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from timetable.catalogue import formats as folder
from timetable.catalogue.cells import CatalogueError
from timetable.catalogue.formats import formats, gnu
from timetable.catalogue.formats.madang import COLUMNS
from timetable.catalogue.reading import Reading, read_catalogue
from timetable.catalogue.rows import LectureRow
from timetable.tests.catalogues import (
    CANCELLED,
    LIBERAL_ARTS,
    MAJORS,
    csv_file,
    dongguk_file,
    dongguk_row,
    gnu_row,
    gnu_sheet,
    json_file,
    lecture,
    lectures,
    read,
    read_rows,
    xlsx_file,
)
from timetable.times import Meeting


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def only(reading: Reading) -> LectureRow:
    assert not reading.rejected
    (row,) = reading.rows.values()
    return row


def test_formats_are_found_in_their_folder_each_with_a_line_about_it() -> None:
    assert list(formats()) == ["dongguk", "gnu", "madang"]
    assert all(str(format.DESCRIPTION) for format in formats().values())


def test_a_file_in_the_folder_is_a_format(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hansung.py").write_text(
        'DESCRIPTION = "Hansung"\nfrom timetable.catalogue.formats.madang import read\n', encoding="utf-8"
    )
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    formats.cache_clear()
    try:
        assert list(formats()) == ["dongguk", "gnu", "hansung", "madang"]
        assert len(read(csv_file(lecture()), "hansung").rows) == 1
    finally:
        formats.cache_clear()


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(CatalogueError, match="no format “elsewhere”"):
        read_catalogue(format="elsewhere", file=None)  # type: ignore[arg-type]


# --- madang


def test_the_guides_examples_are_right() -> None:
    guide = (Path(__file__).parents[2] / "docs/guides/importing-a-catalogue.md").read_text(encoding="utf-8")
    for example in re.findall(r"```csv\n(.*?)```", guide, re.DOTALL):
        first, second = read(example.encode()).rows.values()
        assert [meeting.weekday for meeting in first.meetings] == [1, 3]
        assert [meeting.last_week for meeting in second.meetings] == [8]
    (example,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    module: dict[str, Any] = {}
    exec(example, module)  # noqa: S102 (our own text)
    content = csv_file(
        {"학수번호": "A1", "분반": "1", "과목명": "자료구조", "학점": "3", "시간": "월 09:00-10:15"},
        columns=("학수번호", "분반", "과목명", "학점", "시간"),
    )
    (row,) = module["read"](BytesIO(content))
    assert (row.title, row.meetings) == ("자료구조", (Meeting(1, 540, 615),))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_that_is_missing_is_named(column: str) -> None:
    columns = tuple(name for name in COLUMNS if name != column)
    with pytest.raises(CatalogueError, match=f"lacks these columns: {column}\\."):
        read(csv_file(lecture(), columns=columns))


def test_a_column_with_another_name_is_named() -> None:
    with pytest.raises(CatalogueError, match="unknown names: teacher"):
        read(csv_file(lecture(), columns=(*COLUMNS, "teacher")))


@pytest.mark.parametrize(
    "times",
    [
        "mon 09:00-10:15 @ 공학관 401",
        [{"weekday": 1, "start": 540, "end": 615, "place": "공학관 401"}],
        [{"weekday": 1, "start": 540, "end": 615, "place": "공학관 401", "first_week": None}],
    ],
)
def test_json_has_times_as_text_or_as_objects(times: Any) -> None:
    assert only(read(json_file(lecture(times=times)))).meetings == (Meeting(1, 540, 615, "공학관 401"),)


@pytest.mark.parametrize(
    "times",
    [
        5,
        {"weekday": 1},
        [5],
        [{"weekday": 1, "start": 540}],
        [{"weekday": 1, "start": "540", "end": 615}],
        [{"weekday": True, "start": 540, "end": 615}],
        [{"weekday": 1, "start": 540.5, "end": 615}],
        [{"weekday": 1, "start": 540, "end": 10**30}],
        [{"weekday": 1, "start": 540, "end": 615, "room": "401"}],
        [{"weekday": 1, "start": 540, "end": 615, "place": ["401"]}],
        [{"weekday": 1, "start": 540, "end": 615, "first_week": 1}],
    ],
    ids=str,
)
def test_other_times_in_json_are_not_understood(times: Any) -> None:
    row = only(read(json_file(lecture(times=times))))
    assert row.meetings == ()
    assert row.unread_times


def test_json_may_list_years_of_study() -> None:
    assert only(read(json_file(lecture(grade_year=[1, 3])))).grade_year == (1 << 1) + (1 << 3)


def test_times_that_are_not_understood_are_counted_and_the_row_stays() -> None:
    reading = read_rows(lecture(times="월 1교시"))
    assert [row.unread_times for row in reading.unread] == ["월 1교시"]
    assert len(reading.rows) == 1


# --- gnu


def gnu_times(times: str | None) -> LectureRow:
    return only(read(xlsx_file(gnu_sheet(MAJORS, gnu_row(times=times))), "gnu"))


@pytest.mark.parametrize(
    ("times", "meetings"),
    [
        ("월8,9[024-0271]", [Meeting(1, 960, 1070, "024-0271")]),
        ("월11", [Meeting(1, 1140, 1190)]),
        ("월0", [Meeting(1, 480, 530)]),
        ("일15", [Meeting(7, 1380, 1430)]),
        (
            "수4[101-0348],금4,5[101-0348]",
            [Meeting(3, 720, 770, "101-0348"), Meeting(5, 720, 830, "101-0348")],
        ),
        ("월0,1,2,화0,1,2", [Meeting(1, 480, 650), Meeting(2, 480, 650)]),
        ("토3,5", [Meeting(6, 660, 710), Meeting(6, 780, 830)]),
        ("화6,7[015-304강의실(공용)]", [Meeting(2, 840, 950, "015-304강의실(공용)")]),
        ("월1[가],월1[나]", [Meeting(1, 540, 590, "가"), Meeting(1, 540, 590, "나")]),
        ("월1[]", [Meeting(1, 540, 590)]),
    ],
)
def test_gnu_times_are_periods_of_50_minutes_from_8(times: str, meetings: list[Meeting]) -> None:
    assert list(gnu_times(times).meetings) == meetings


@pytest.mark.parametrize(
    "times", ["월", "월16", "월1,", "월1,화", "1,2", "월1[", "월1 화2", "월1[가]나", "매주", "8"]
)
def test_other_gnu_times_are_not_understood(times: str) -> None:
    row = gnu_times(times)
    assert (row.meetings, row.unread_times) == ((), times)


def test_gnu_times_may_be_absent() -> None:
    assert (gnu_times(None).meetings, gnu_times(None).unread_times) == ((), "")


def test_gnu_has_a_sheet_of_liberal_arts_and_one_of_majors() -> None:
    arts = gnu_row(교과목코드="11020881", 수강반번호="2", 이수구분="균형교양", 영역구분="문학과문화")
    content = xlsx_file(gnu_sheet(LIBERAL_ARTS, arts), gnu_sheet(MAJORS, gnu_row(대상학년="3학년")))
    first, second = read(content, "gnu").rows.values()
    assert (first.code, first.section, first.area, first.grade_year) == ("11020881", "2", "문학과문화", 0)
    assert (second.code, second.section, second.area, second.grade_year) == ("11007413", "1", "", 1 << 3)
    assert first.department == second.department == "국어국문학과"
    assert first.professor == second.professor == "오은우"
    assert first.campus == second.campus == "가좌캠퍼스"
    assert (first.capacity, first.enrolled) == (None, None)


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({}, ""),
        ({"비고": "[집중]"}, "[집중]"),
        ({"수업방법": "비대면수업", "원격강의구분": "본교용_원격수업"}, "비대면수업, 본교용_원격수업"),
        ({"수업방법": "혼합수업", "비고": "초급"}, "혼합수업, 초급"),
    ],
)
def test_a_gnu_remark_says_how_it_is_taught_unless_in_person(cells: dict[str, str], remark: str) -> None:
    assert only(read(xlsx_file(gnu_sheet(MAJORS, gnu_row(**cells))), "gnu")).remark == remark


def test_gnu_lists_cancelled_lectures_with_zeros_before_their_sections() -> None:
    cancelled = gnu_row(분반="005", 담당교수="임민준")
    content = xlsx_file(gnu_sheet(MAJORS, gnu_row()), gnu_sheet(CANCELLED, cancelled))
    assert [(row.code, row.section, row.line) for row in read(content, "gnu").cancelled.values()] == [
        ("11007413", "5", "sheet 2, line 2")
    ]


def test_a_gnu_sheet_whose_columns_have_other_names_is_refused_with_them() -> None:
    columns = tuple("시간" if name == "강의시간/강의실" else name for name in MAJORS)
    with pytest.raises(CatalogueError, match=r"sheet 1 \(시간표 1\) lacks these columns: 강의시간/강의실\."):
        read(xlsx_file(gnu_sheet(columns, gnu_row())), "gnu")


def test_a_gnu_row_whose_cells_have_shifted_is_rejected() -> None:
    names, cells = gnu_sheet(MAJORS, gnu_row())
    shifted = (names, cells, (None, *cells[:-1]))
    (rejected,) = read(xlsx_file(shifted), "gnu").rejected
    assert rejected.line == "sheet 1, line 3"
    assert "not “국어국문학과”" in rejected.reason


@pytest.mark.parametrize("code", ["국어학개론", "1100741", "110074130"])
def test_a_gnu_code_has_8_digits(code: str) -> None:
    content = xlsx_file(
        gnu_sheet(MAJORS, gnu_row(), gnu_row(교과목코드=code)), gnu_sheet(CANCELLED, gnu_row(교과목코드=code))
    )
    reading = read(content, "gnu")
    assert [row.line for row in reading.rejected] == ["sheet 1, line 3", "sheet 2, line 2"]
    assert not reading.cancelled


def test_a_run_of_periods_ends_where_one_is_left_out() -> None:
    assert gnu.runs([1, 2, 3, 4, 6, 7, 7]) == [(1, 4), (6, 7), (7, 7)]


# --- dongguk


def dongguk_times(times: Any, rooms: Any = None) -> LectureRow:
    return only(read(dongguk_file(dongguk_row(TMTBL_DSC=times, ROOM_DSC=rooms)), "dongguk"))


@pytest.mark.parametrize(
    ("times", "meetings"),
    [
        ("화, 목 7교시(15:00) ~ 8교시(16:30)", [Meeting(2, 900, 990), Meeting(4, 900, 990)]),
        ("월 10교시(18:00) ~ 11.5교시(19:40)", [Meeting(1, 1080, 1180)]),
        ("수 9교시(17:00) ~ 10교시(18:25)", [Meeting(3, 1020, 1105)]),
        (
            "월 9교시(17:00) ~ 9.5교시(18:00), 화, 수 1교시(09:00) ~ 2교시(10:30)",
            [Meeting(1, 1020, 1080), Meeting(2, 540, 630), Meeting(3, 540, 630)],
        ),
        (
            "8주차 - 8주차 화 1.5교시(09:30) ~ 2교시(10:30), 수 1교시(09:00) ~ 1교시(09:30), "
            "9주차 - 15주차 목, 금 1교시(09:00) ~ 2교시(10:30)",
            [
                Meeting(2, 570, 630, "", 8, 8),
                Meeting(3, 540, 570, "", 8, 8),
                Meeting(4, 540, 630, "", 9, 15),
                Meeting(5, 540, 630, "", 9, 15),
            ],
        ),
    ],
)
def test_dongguk_times_go_by_the_clock(times: str, meetings: list[Meeting]) -> None:
    assert list(dongguk_times(times).meetings) == meetings


@pytest.mark.parametrize(
    "times",
    [
        "화 7교시 ~ 8교시",
        "화 7교시(15:00)",
        "화 7교시(16:30) ~ 8교시(15:00)",
        "화 7교시(15:00) ~ 8교시(25:00)",
        "화 7교시(15:00) ~ 8교시(16:30), ",
        "화 7교시(15:00) ~ 8교시(16:30) 수 7교시(15:00) ~ 8교시(16:30)",
        "60주차 - 61주차 화 7교시(15:00) ~ 8교시(16:30)",
        "미정",
        7,
    ],
)
def test_other_dongguk_times_are_not_understood(times: Any) -> None:
    row = dongguk_times(times)
    assert (row.meetings, row.unread_times) == ((), str(times).strip())


@pytest.mark.parametrize("rooms", ["K342(학술/문화관)", "K342(학술/문화관), A1(명진관)"])
def test_every_dongguk_meeting_has_the_whole_list_of_rooms(rooms: str) -> None:
    row = dongguk_times("화, 목 7교시(15:00) ~ 8교시(16:30)", rooms)
    assert [meeting.place for meeting in row.meetings] == [rooms, rooms]


def test_a_dongguk_row_becomes_a_lecture() -> None:
    row = only(read(dongguk_file(dongguk_row(SBJ_DIV="플립드러닝", REMK="P/F", ALL_FULL_PCNT=0)), "dongguk"))
    assert (row.line, row.code, row.section, row.title) == ("item 1", "BIS2003", "01", "인도의철학과문화")
    assert (row.professor, row.category, row.area) == ("한하린", "전공", "기초")
    assert (row.department, row.grade_year, str(row.credit)) == ("불교대학 불교학부", 1 << 1, "3.0")
    assert (row.capacity, row.enrolled, row.remark) == (0, 37, "플립드러닝, P/F")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[]", "under “dsMain”"),
        (b'{"dsSub": []}', "under “dsMain”"),
        (b'{"dsMain": {}}', "under “dsMain”"),
        (json.dumps({"dsMain": [{"SBJ_NO": "BIS2003"}]}).encode(), "lacks these columns: DVCLS, SBJ_NM"),
    ],
)
def test_other_json_is_no_dongguk_catalogue(content: bytes, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        read(content, "dongguk")


def test_a_workbook_is_no_dongguk_catalogue() -> None:
    with pytest.raises(CatalogueError, match="neither UTF-8 nor CP949"):
        read(xlsx_file(gnu_sheet(MAJORS, gnu_row())), "dongguk")


@pytest.mark.parametrize("format", ["gnu", "dongguk"])
def test_a_file_of_another_format_is_refused(format: str) -> None:
    with pytest.raises(CatalogueError):
        read(csv_file(*lectures(2)), format)
