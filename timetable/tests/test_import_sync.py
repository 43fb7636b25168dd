"""What an import does to a semester."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from accounts.tests.factories import SchoolFactory
from timetable.models import Course, Lecture, LectureChange, LectureTime, Semester
from timetable.services.catalogue import Report, SyncRefused, preview_catalogue, sync, sync_catalogue
from timetable.services.catalogue import courses as course_services
from timetable.tests.catalogues import (
    CANCELLED,
    MAJORS,
    gnu_row,
    gnu_sheet,
    lecture,
    lectures,
    read,
    read_rows,
    xlsx_file,
)
from timetable.tests.factories import SemesterFactory, TimetableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def term(db: None) -> Semester:
    return SemesterFactory()


def load(semester: Semester, *rows: dict[str, Any], force: bool = False) -> Report:
    return sync_catalogue(semester=semester, reading=read_rows(*rows), force=force)


def counts(report: Report) -> dict[str, int]:
    """The acts that are not none."""
    acts = ("created", "changed", "reinstated", "gone", "unchanged", "still_cancelled")
    return {act: report.counts()[act] for act in acts if report.counts()[act]}


def times_of(lecture: Lecture) -> list[tuple[Any, ...]]:
    return list(lecture.times.values_list("weekday", "start", "end", "place", "first_week", "last_week"))


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Semester, Course, Lecture, LectureTime, LectureChange)
    ]


# --- Creating


def test_a_new_lecture_has_all_that_the_file_says(term: Semester) -> None:
    assert counts(load(term, lecture(times="wed 09:00-10:15; weeks 1-8 mon 09:00-10:15 @ 공학관 401"))) == {
        "created": 1
    }
    made = Lecture.objects.get()
    assert {name: getattr(made, name) for name in ("code", "section", "title", "professor")} == {
        "code": "CSE1001",
        "section": "1",
        "title": "자료구조",
        "professor": "김민준",
    }
    assert (made.category, made.area, made.department) == ("전공", "기초", "컴퓨터공학과")
    assert (made.campus, made.remark, made.grade_years) == ("서울", "영어강의", [2])
    assert (made.credit, made.capacity, made.enrolled) == (Decimal("3.0"), 40, 12)
    assert (made.is_cancelled, made.saved_count, made.competition) == (False, 0, 0)
    assert times_of(made) == [(1, 540, 615, "공학관 401", 1, 8), (3, 540, 615, "", None, None)]


def test_a_new_lecture_is_found_by_what_search_reads(term: Semester) -> None:
    load(term, lecture())
    made = Lecture.objects.select_related("course").get()
    assert (made.code_key, made.section_key, made.title_initials) == ("cse1001", "1", "ㅈㄹㄱㅈ")
    assert made.search_text == "자료구조\n김민준\ncse1001\n공학관401"
    assert (made.course.code_key, made.course.professor_key) == ("cse1001", "김민준")
    assert (made.course.title_initials, made.course.search_text) == ("ㅈㄹㄱㅈ", "자료구조\n김민준\ncse1001")


def test_sections_of_one_professor_share_a_course(term: Semester) -> None:
    load(
        term,
        lecture(section="1", professor="김민준, 이서연"),
        lecture(section="2", professor="이서연/김민준"),
        lecture(section="3", professor="박지호"),
        lecture(section="4", professor=""),
    )
    courses = [row.course_id for row in Lecture.objects.order_by("section")]
    assert courses[0] == courses[1]
    assert len(set(courses)) == Course.objects.count() == 3


def test_a_course_of_an_earlier_semester_is_taken_up_again(term: Semester) -> None:
    load(SemesterFactory(school=term.school, term="1"), lecture())
    load(term, lecture())
    assert Course.objects.count() == 1


def test_another_schools_course_is_another_course(term: Semester) -> None:
    load(SemesterFactory(), lecture())
    load(term, lecture())
    assert Course.objects.count() == 2


def test_a_semester_not_there_yet_is_made() -> None:
    new = SemesterFactory.build(school=SchoolFactory())
    assert counts(load(new, lecture())) == {"created": 1}
    assert Semester.objects.get().lectures.count() == 1


def test_a_lecture_may_overlap_itself(term: Semester) -> None:
    load(term, lecture(times="mon 09:00-10:15 @ a; mon 09:00-10:15 @ b; mon 10:00-11:00; mon 10:00-11:00"))
    assert LectureTime.objects.count() == 4


# --- A second run


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"times": ""},
        {"times": "mon 09:00-10:15 @ b; mon 09:00-10:15 @ a; mon 09:00-10:15; weeks 1-5 mon 09:00-10:15"},
        {"times": "매주"},
        {"capacity": "", "enrolled": "", "credit": "0.5", "grade_year": ""},
        {"professor": "이서연, 김민준"},
    ],
)
def test_the_same_file_again_changes_nothing(term: Semester, cells: dict[str, Any]) -> None:
    load(term, *lectures(2, **cells), force=True)
    before = everything()
    assert counts(load(term, *lectures(2, **cells), force=True)) == {"unchanged": 2}
    assert everything() == before


def test_times_are_the_same_in_whatever_order_they_are_stored(term: Semester) -> None:
    rows = lectures(1, times="mon 09:00-10:00; wed 09:00-10:00; fri 09:00-10:00")
    load(term, *rows)
    stored = list(LectureTime.objects.order_by("-weekday"))
    LectureTime.objects.all().delete()
    for time in stored:
        time.pk = None
    LectureTime.objects.bulk_create(stored)
    assert counts(load(term, *rows)) == {"unchanged": 1}


def test_sections_with_titles_of_their_own_change_nothing_again(term: Semester) -> None:
    rows = (lecture(section="1", title="특강: 데이터"), lecture(section="2", title="특강: 보안"))
    load(term, *rows)
    before = everything()
    load(term, *rows)
    assert everything() == before
    assert Course.objects.get().title == "특강: 데이터"


# --- Changing


@pytest.mark.parametrize(
    ("name", "value", "pair"),
    [
        ("title", "자료 구조", ["자료구조", "자료 구조"]),
        ("professor", "이서연", ["김민준", "이서연"]),
        ("category", "교양", ["전공", "교양"]),
        ("campus", "세종", ["서울", "세종"]),
        ("remark", "", ["영어강의", ""]),
        ("credit", "2.5", [3.0, 2.5]),
        (
            "times",
            "weeks 1-2 tue 09:00-10:00",
            [
                [meeting]
                for meeting in (
                    {
                        "weekday": 1,
                        "start": 540,
                        "end": 615,
                        "place": "공학관 401",
                        "first_week": None,
                        "last_week": None,
                    },
                    {"weekday": 2, "start": 540, "end": 600, "place": "", "first_week": 1, "last_week": 2},
                )
            ],
        ),
    ],
)
def test_what_matters_to_who_attends_is_kept_as_a_change(
    term: Semester, name: str, value: str, pair: list[Any]
) -> None:
    load(term, *lectures(6))
    report = load(term, *lectures(5), lecture(section="6", **{name: value}))
    assert counts(report) == {"changed": 1, "unchanged": 5}
    change = LectureChange.objects.get()
    assert (change.lecture.section, change.fields) == ("6", {name: pair})
    assert report.as_json()["named"]["changed"] == [
        {
            "code": "CSE1001",
            "section": "6",
            "title": value if name == "title" else "자료구조",
            "fields": {name: pair},
        }
    ]


@pytest.mark.parametrize(
    ("name", "value", "pair"),
    [
        ("code", "cse1001", ["CSE1001", "cse1001"]),
        ("area", "", ["기초", ""]),
        ("department", "수학과", ["컴퓨터공학과", "수학과"]),
        ("grade_year", "1,2", [[2], [1, 2]]),
        ("capacity", "", [40, None]),
        ("enrolled", "13", [12, 13]),
    ],
)
def test_what_does_not_is_in_the_report_alone(term: Semester, name: str, value: str, pair: list[Any]) -> None:
    load(term, lecture())
    (named,) = load(term, lecture(**{name: value})).as_json()["named"]["changed"]
    assert named["fields"] == {name: pair}
    assert not LectureChange.objects.exists()


def test_a_changed_lecture_stays_the_same_row_with_its_savers(term: Semester) -> None:
    load(term, *lectures(5))
    first = Lecture.objects.get(section="1")
    Lecture.objects.filter(pk=first.pk).update(saved_count=7)
    load(term, lecture(enrolled="30", capacity="7"), *lectures(5)[1:])
    after = Lecture.objects.get(section="1")
    assert (after.pk, after.enrolled, after.saved_count, after.competition) == (first.pk, 30, 7, 1000)
    assert after.created_at == first.created_at
    assert after.updated_at > first.updated_at


def test_an_import_writes_the_columns_that_changed_and_no_others(
    term: Semester, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(term, *lectures(5))

    def save_meanwhile(*args: Any) -> Any:
        Lecture.objects.update(saved_count=9, search_text="as it is now")
        return course_services.ensure_courses(*args)

    monkeypatch.setattr(sync, "ensure_courses", save_meanwhile)
    load(term, *lectures(5, enrolled="30"))
    assert set(Lecture.objects.values_list("saved_count", "search_text", "enrolled")) == {
        (9, "as it is now", 30)
    }


def test_changed_texts_are_found_by_search(term: Semester) -> None:
    load(term, *lectures(6))
    load(term, *lectures(5), lecture(section="6", title="운영체제", times="mon 09:00-10:15 @ 본관 1"))
    changed = Lecture.objects.get(section="6")
    assert (changed.title_initials, changed.search_text) == ("ㅇㅇㅊㅈ", "운영체제\n김민준\ncse1001\n본관1")


def test_new_times_take_the_place_of_the_old(term: Semester) -> None:
    load(term, *lectures(2))
    load(term, lecture(times="tue 09:00-10:00"), lecture(section="2"))
    assert [times_of(row) for row in Lecture.objects.order_by("section")] == [
        [(2, 540, 600, "", None, None)],
        [(1, 540, 615, "공학관 401", None, None)],
    ]


def test_a_professor_who_becomes_known_moves_the_lecture_to_the_right_course(term: Semester) -> None:
    load(term, lecture(professor=""))
    unknown = Course.objects.get()
    load(term, lecture(professor="이서연"))
    moved = Lecture.objects.select_related("course").get()
    assert (moved.course.professor_key, moved.professor) == ("이서연", "이서연")
    assert Course.objects.filter(pk=unknown.pk).exists()


def test_a_course_takes_the_title_of_the_newest_semester_that_has_it(term: Semester) -> None:
    earlier = SemesterFactory(school=term.school, year=2024, starts_on=date(2024, 9, 2))
    load(earlier, lecture(title="자료구조론"))
    load(term, lecture(title="자료구조"))
    course = Course.objects.get()
    assert (course.title, course.title_initials) == ("자료구조", "ㅈㄹㄱㅈ")
    load(earlier, lecture(title="자료의구조"), force=True)
    assert Course.objects.get().title == "자료구조"
    assert Lecture.objects.get(semester=earlier).title == "자료의구조"


# --- Gone and back


def test_a_lecture_that_is_not_in_the_file_is_cancelled_and_stays(term: Semester) -> None:
    load(term, *lectures(6))
    report = load(term, *lectures(5))
    assert counts(report) == {"gone": 1, "unchanged": 5}
    gone = Lecture.objects.get(section="6")
    assert gone.is_cancelled
    assert len(times_of(gone)) == 1
    assert LectureChange.objects.get().fields == {"is_cancelled": [False, True]}
    assert report.as_json()["named"]["gone"] == [
        {
            "code": "CSE1001",
            "section": "6",
            "title": "자료구조",
            "listed": False,
            "in_file": False,
            "fields": {},
        }
    ]


def test_a_cancelled_lecture_keeps_its_entries(term: Semester) -> None:
    load(term, *lectures(6))
    gone = Lecture.objects.get(section="6")
    entry = TimetableFactory(semester=term).entries.create(lecture=gone)
    load(term, *lectures(5))
    entry.refresh_from_db()
    assert entry.lecture == gone


def test_a_lecture_that_was_cancelled_before_stays_so_without_a_change(term: Semester) -> None:
    load(term, *lectures(6))
    load(term, *lectures(5))
    before = everything()
    assert counts(load(term, *lectures(5))) == {"unchanged": 5, "still_cancelled": 1}
    assert everything() == before


def test_a_lecture_that_comes_back_is_no_longer_cancelled(term: Semester) -> None:
    load(term, *lectures(6))
    load(term, *lectures(5))
    assert counts(load(term, *lectures(6))) == {"changed": 1, "reinstated": 1, "unchanged": 5}
    assert not Lecture.objects.filter(is_cancelled=True).exists()
    assert LectureChange.objects.last().fields == {"is_cancelled": [True, False]}


def test_another_semester_is_left_alone(term: Semester) -> None:
    load(SemesterFactory(school=term.school, term="1"), lecture(section="9"))
    load(term, lecture())
    assert not Lecture.objects.filter(is_cancelled=True).exists()


# --- Listed as cancelled


def gnu(sections: list[str], cancelled: list[str]) -> Any:
    majors = gnu_sheet(MAJORS, *(gnu_row(분반=section) for section in sections))
    listed = gnu_sheet(CANCELLED, *(gnu_row(분반=section) for section in cancelled))
    return read(xlsx_file(majors, listed), "gnu")


def test_what_vanished_and_is_listed_as_cancelled_counts_once(term: Semester) -> None:
    sync_catalogue(semester=term, reading=gnu(["1", "2", "3", "4", "5", "6"], []))
    report = sync_catalogue(semester=term, reading=gnu(["1", "2", "3", "4", "5"], ["006", "006"]))
    assert counts(report) == {"gone": 1, "unchanged": 5}
    (gone,) = report.as_json()["named"]["gone"]
    assert (gone["section"], gone["listed"], gone["in_file"]) == ("6", True, False)


def test_what_is_in_the_file_and_listed_as_cancelled_is_cancelled(term: Semester) -> None:
    sections = ["1", "2", "3", "4", "5", "6"]
    sync_catalogue(semester=term, reading=gnu(sections, []))
    report = sync_catalogue(semester=term, reading=gnu(sections, ["006"]))
    assert counts(report) == {"gone": 1, "unchanged": 5}
    assert [row.section for row in Lecture.objects.filter(is_cancelled=True)] == ["6"]
    assert counts(sync_catalogue(semester=term, reading=gnu(sections, ["006"]))) == {"unchanged": 6}


def test_a_new_lecture_that_is_listed_as_cancelled_is_made_so(term: Semester) -> None:
    report = sync_catalogue(semester=term, reading=gnu(["1", "2"], ["002"]))
    assert counts(report) == {"created": 2}
    assert report.counts()["unknown_cancelled"] == 0
    assert [row.section for row in Lecture.objects.filter(is_cancelled=True)] == ["2"]


def test_what_is_listed_as_cancelled_and_stands_nowhere_is_named(term: Semester) -> None:
    report = sync_catalogue(semester=term, reading=gnu(["1"], ["009"])).as_json()
    assert report["named"]["unknown_cancelled"] == [
        {"line": "sheet 2, line 2", "code": "11007413", "section": "9"}
    ]
    assert report["counts"]["listed_cancelled"] == report["counts"]["unknown_cancelled"] == 1


# --- Refusing


def refused(semester: Semester, *rows: dict[str, Any]) -> str:
    before = everything()
    assert preview_catalogue(semester=semester, reading=read_rows(*rows)).refused
    with pytest.raises(SyncRefused) as caught:
        load(semester, *rows)
    assert everything() == before
    return str(caught.value)


def test_a_file_without_more_than_a_fifth_of_the_lectures_is_refused(term: Semester) -> None:
    load(term, *lectures(10))
    assert refused(term, *lectures(7)) == "3 of 10 lectures would be cancelled: more than 20%."
    assert counts(load(term, *lectures(8))) == {"gone": 2, "unchanged": 8}


def test_lectures_that_were_cancelled_before_are_no_part_of_the_fifth(term: Semester) -> None:
    load(term, *lectures(10))
    load(term, *lectures(8))
    assert "2 of 8" in refused(term, *lectures(6))


def test_a_list_of_cancelled_lectures_counts_towards_the_fifth(term: Semester) -> None:
    sections = ["1", "2", "3", "4", "5"]
    sync_catalogue(semester=term, reading=gnu(sections, []))
    with pytest.raises(SyncRefused):
        sync_catalogue(semester=term, reading=gnu(sections, ["1", "2"]))


@pytest.mark.parametrize("bad", [{"credit": "three"}, {"times": "매주"}])
def test_a_file_of_which_more_than_a_twentieth_is_not_understood_is_refused(
    term: Semester, bad: dict[str, str]
) -> None:
    twenty = lectures(20)
    for row in twenty[:2]:
        row.update(bad)
    assert refused(term, *twenty) == "2 of 20 rows are not understood: more than 5%."
    assert counts(load(term, *twenty[1:], lecture(section="99"))) in ({"created": 19}, {"created": 20})


def test_rejected_rows_and_unread_times_count_together(term: Semester) -> None:
    rows = [*lectures(20), lecture(section="a", credit="three"), lecture(section="b", times="매주")]
    assert "2 of 22 rows" in refused(term, *rows)


def test_a_file_that_retitles_more_than_a_fifth_is_refused(term: Semester) -> None:
    load(term, *lectures(10))
    shifted = [row | {"title": "김민준"} for row in lectures(3)]
    rows = [*shifted, *lectures(10)[3:]]
    assert refused(term, *rows) == "3 of 10 lectures would change their title: more than 20%."
    assert counts(load(term, *shifted[:2], *lectures(10)[2:])) == {"changed": 2, "unchanged": 8}


def test_a_refused_file_can_be_forced(term: Semester) -> None:
    load(term, *lectures(10))
    assert counts(load(term, *lectures(1), force=True)) == {"gone": 9, "unchanged": 1}


# --- All or nothing


@pytest.mark.django_db(transaction=True)
def test_an_import_that_fails_half_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    term = SemesterFactory()
    load(term, *lectures(6))
    before = everything()

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(sync, "record_changes", fail)
    with pytest.raises(RuntimeError):
        load(term, *lectures(5, professor="이서연"), *lectures(30, code="CSE2"))
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_a_refused_import_makes_no_semester() -> None:
    new = SemesterFactory.build(school=SchoolFactory())
    with pytest.raises(SyncRefused):
        load(new, lecture(times="매주"))
    assert not Semester.objects.exists()


def test_a_dry_run_writes_nothing_and_says_the_same(term: Semester) -> None:
    load(term, *lectures(6))
    rows = (*lectures(4, enrolled="3"), lecture(section="5"), lecture(section="7"))
    before = everything()
    preview = preview_catalogue(semester=term, reading=read_rows(*rows)).as_json()
    assert everything() == before
    assert preview["counts"]["changed"] == 4
    assert load(term, *rows).as_json() == preview


# --- The report


def test_the_counts_add_up(term: Semester) -> None:
    load(term, *lectures(30))
    rows = [
        *lectures(26),
        lecture(section="27", enrolled="1", times=""),
        lecture(section="new", times="매주"),
        lecture(section="bad", credit=""),
        lecture(section="1"),
    ]
    assert load(term, *rows, force=True).counts() == {
        "rows": 30,
        "lectures": 28,
        "rejected": 2,
        "times_parsed": 26,
        "times_absent": 1,
        "times_not_understood": 1,
        "meetings": 26,
        "created": 1,
        "changed": 1,
        "reinstated": 0,
        "gone": 3,
        "unchanged": 26,
        "still_cancelled": 0,
        "listed_cancelled": 0,
        "unknown_cancelled": 0,
    }


def test_rows_that_are_no_lecture_and_times_not_understood_are_named(term: Semester) -> None:
    report = load(term, lecture(credit=""), lecture(section="2", times="매주"), force=True).as_json()
    assert report["named"]["rejected"] == [
        {"line": "line 2", "text": "The credit must be a number from 0 to 999.9, not “”."}
    ]
    assert report["named"]["times_not_understood"] == [
        {"code": "CSE1001", "section": "2", "title": "자료구조", "line": "line 3", "text": "매주"}
    ]


def test_a_report_names_500_of_each_kind(term: Semester) -> None:
    report = load(term, *lectures(501)).as_json()
    assert report["counts"]["created"] == 501
    assert len(report["named"]["created"]) == 500


def test_reports_with_one_digest_do_the_same_in_any_language(term: Semester) -> None:
    rows = (lecture(), lecture(section="2", credit=""))
    english = preview_catalogue(semester=term, reading=read_rows(*rows)).as_json()
    with translation.override("ko"):
        korean = preview_catalogue(semester=term, reading=read_rows(*rows)).as_json()
    other = preview_catalogue(semester=term, reading=read_rows(lecture(section="3"))).as_json()
    assert english["digest"] == korean["digest"] != other["digest"]


# --- Cost


def test_a_batch_costs_the_same_number_of_queries_however_many_rows(
    term: Semester, count_queries: Callable[[Callable[[], Any]], int]
) -> None:
    def cost(*rows: dict[str, Any]) -> int:
        return count_queries(lambda: load(term, first, *rows, force=True))

    first = lecture(section="0")
    load(term, first)
    # As many lectures as SQLite takes in one statement.
    size = connection.ops.bulk_batch_size(Lecture._meta.fields, range(500)) - 5
    assert cost(*lectures(2)) == cost(*lectures(size)) <= 12
    few = cost(*lectures(2, title="a", times="tue 09:00-10:00"), *lectures(size)[2:])
    assert cost(*lectures(size, title="b", times="wed 09:00-10:00")) == few <= 12
