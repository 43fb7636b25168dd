"""The operators' page of a lecture: its texts, its times, and what follows from them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from timetable.admin import catalogue
from timetable.models import Course, Lecture, LectureChange, LectureTime, Semester
from timetable.models.lectures import grade_year_bits, meeting_fields
from timetable.services.lectures import begin_edit
from timetable.tests.factories import SemesterFactory, make_lecture
from timetable.times import Meeting, clock

pytestmark = pytest.mark.django_db

FIELDS = ("code", "section", "title", "professor", "category", "area", "department", "campus", "remark")
MONDAY, FRIDAY = Meeting(1, 540, 615, "공학관 401"), Meeting(5, 600, 675, "과학관", 1, 8)


@pytest.fixture
def semester() -> Semester:
    return SemesterFactory()


@pytest.fixture
def lecture(semester: Semester) -> Lecture:
    return make_lecture(
        semester,
        MONDAY,
        code="CSE2002",
        title="자료구조",
        professor="김민준",
        grade_year=grade_year_bits([2]),
        capacity=40,
    )


def add_url() -> str:
    return reverse("admin:timetable_lecture_add")


def url(lecture: Lecture) -> str:
    return reverse("admin:timetable_lecture_change", args=[lecture.pk])


def times(*meetings: Any, pks: tuple[int, ...] = (), lecture: Lecture | None = None) -> dict[str, Any]:
    """The rows of times as a browser sends them; those with a key first. A dict is sent as it is."""
    data: dict[str, Any] = {"times-TOTAL_FORMS": len(meetings), "times-INITIAL_FORMS": len(pks)}
    for n, meeting in enumerate(meetings):
        row = meeting if isinstance(meeting, dict) else meeting_fields(meeting)
        for name in ("start", "end"):
            if isinstance(row.get(name), int):
                row = row | {name: clock(row[name])}
        data |= {f"times-{n}-{name}": "" if value is None else value for name, value in row.items()}
        if n < len(pks):
            data |= {f"times-{n}-id": pks[n], f"times-{n}-lecture": lecture.pk}
    return data


def new(semester: Semester, *meetings: Any, **changes: Any) -> dict[str, Any]:
    fields = {"semester": semester.pk, "code": "CSE1001", "section": "1", "title": "운영 체제", "credit": "3"}
    return fields | times(*meetings) | changes


def changed(lecture: Lecture, *meetings: Any, **changes: Any) -> dict[str, Any]:
    """What the browser sends when a lecture's page is saved, with these times or those it has."""
    fields = {name: getattr(lecture, name) for name in FIELDS} | {
        "credit": lecture.credit,
        "capacity": lecture.capacity or "",
        "grade_years": lecture.grade_years,
    }
    if lecture.is_cancelled:
        fields["is_cancelled"] = "on"
    own = list(lecture.times.all())
    pks = tuple(time.pk for time in own)
    return fields | times(*(meetings or own), pks=pks, lecture=lecture) | changes


def save(pages: Client, lecture: Lecture, *meetings: Any, **changes: Any) -> None:
    response = pages.post(url(lecture), changed(lecture, *meetings, **changes))
    assert response.status_code == 302, response.context["errors"]
    lecture.refresh_from_db()


def errors_of(response: Any) -> dict[str, Any]:
    """Of the lecture, and of its times as `times-0-end`."""
    assert response.status_code == 200
    found = dict(response.context["adminform"].form.errors)
    (inline,) = response.context["inline_admin_formsets"]
    for n, errors in enumerate(inline.formset.errors):
        found |= {f"times-{n}-{name}": messages for name, messages in errors.items()}
    return found


def test_a_lecture_made_here_is_whole(pages: Client, semester: Semester) -> None:
    data = new(semester, FRIDAY, MONDAY, professor="이서연", grade_years=[1, 3], remark="영어")
    assert pages.post(add_url(), data).status_code == 302
    lecture = Lecture.objects.get()
    assert (lecture.semester, lecture.title, lecture.grade_years) == (semester, "운영 체제", [1, 3])
    assert [meeting_fields(time) for time in lecture.times.all()] == [
        meeting_fields(MONDAY),
        meeting_fields(FRIDAY),
    ]
    course = lecture.course
    assert (course.school, course.code, course.title) == (semester.school, "CSE1001", "운영 체제")
    assert course.search_text == "운영체제\n이서연\ncse1001"
    assert lecture.search_text == "운영체제\n이서연\ncse1001\n공학관401\n과학관"
    assert lecture.title_initials == "ㅇㅇㅊㅈ"
    assert not LectureChange.objects.exists()


def test_a_lecture_without_times_or_years_is_one_too(pages: Client, semester: Semester) -> None:
    assert pages.post(add_url(), new(semester)).status_code == 302
    lecture = Lecture.objects.get()
    assert (lecture.grade_years, lecture.times.count(), lecture.capacity) == ([], 0, None)
    assert lecture.search_text == "운영체제\n\ncse1001"


def test_search_finds_what_a_lecture_and_its_places_are_called_now(pages: Client, lecture: Lecture) -> None:
    save(pages, lecture, Meeting(1, 540, 615, "새 건물"), title="선형대수")
    assert lecture.search_text == "선형대수\n김민준\ncse2002\n새건물"
    assert lecture.title_initials == "ㅅㅎㄷㅅ"


def test_saving_nothing_changes_nothing(pages: Client, lecture: Lecture) -> None:
    before = Lecture.objects.values().get()
    save(pages, lecture)
    after = Lecture.objects.values().get()
    assert {name for name in before if before[name] != after[name]} == {"updated_at"}
    assert not LectureChange.objects.exists()


def test_another_professor_makes_it_another_course(pages: Client, lecture: Lecture) -> None:
    first = lecture.course
    save(pages, lecture, professor="이서연")
    assert lecture.course != first
    assert (lecture.course.professor, lecture.course.code) == ("이서연", "CSE2002")
    save(pages, lecture, professor="김 민준")
    assert lecture.course == first
    assert Course.objects.count() == 2


def test_what_people_do_meanwhile_stays(pages: Client, lecture: Lecture, monkeypatch: Any) -> None:
    """Somebody puts the lecture into a timetable between reading its page's row and writing it."""
    save_now = Lecture.save

    def save_later(self: Lecture, **kwargs: Any) -> None:
        monkeypatch.undo()
        Lecture.objects.update(saved_count=7)
        save_now(self, **kwargs)

    monkeypatch.setattr(Lecture, "save", save_later)
    save(pages, lecture, title="새 제목")
    assert (lecture.title, lecture.saved_count) == ("새 제목", 7)


def test_what_an_import_changed_meanwhile_is_not_told_again(
    pages: Client, lecture: Lecture, monkeypatch: Any
) -> None:
    def begin_later(lecture: Lecture) -> dict[str, Any]:
        Lecture.objects.update(remark="수업 방식 변경")
        return begin_edit(lecture)

    monkeypatch.setattr(catalogue, "begin_edit", begin_later)
    save(pages, lecture, title="새 제목")
    assert lecture.remark == "수업 방식 변경"
    assert LectureChange.objects.get().fields == {"title": ["자료구조", "새 제목"]}


@pytest.mark.server
def test_no_import_runs_while_a_lecture_is_saved(pages: Client, lecture: Lecture) -> None:
    with CaptureQueriesContext(connection) as queries:
        save(pages, lecture, title="새 제목")
    locked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert ["FROM `timetable_semester`" in sql for sql in locked] == [True, False]
    assert "FROM `timetable_lecture`" in locked[1]


def test_counts_semester_and_course_are_not_set_here(pages: Client, lecture: Lecture) -> None:
    other = make_lecture(SemesterFactory())
    save(pages, lecture, semester=other.semester.pk, course=other.course.pk, saved_count=99, competition=5)
    assert lecture.saved_count == 0
    assert lecture.semester.school == lecture.course.school != other.semester.school


def test_the_page_shows_the_years_and_times_a_lecture_has(pages: Client, lecture: Lecture) -> None:
    page = pages.get(url(lecture))
    assert page.context["adminform"].form["grade_years"].value() == [2]
    text = page.content.decode()
    for shown in ('value="09:00"', 'value="10:15"', 'value="공학관 401"'):
        assert shown in text


def test_the_page_to_make_one_costs_the_same_for_1_semester_and_for_5(
    pages: Client, semester: Semester, count_queries: Callable[..., int]
) -> None:
    def read() -> None:
        assert pages.get(add_url()).status_code == 200

    read()
    one = count_queries(read)
    SemesterFactory.create_batch(4)
    assert count_queries(read) == one


# --- What who has it is told
@pytest.mark.parametrize(
    ("meetings", "changes", "told"),
    [
        ([], {"title": "새 제목"}, {"title": ["자료구조", "새 제목"]}),
        ([], {"is_cancelled": "on"}, {"is_cancelled": [False, True]}),
        ([], {"credit": "2.5"}, {"credit": [3.0, 2.5]}),
        ([], {"professor": "이서연"}, {"professor": ["김민준", "이서연"]}),
        ([FRIDAY], {}, {"times": [[meeting_fields(MONDAY)], [meeting_fields(FRIDAY)]]}),
        (
            [MONDAY, FRIDAY],
            {},
            {"times": [[meeting_fields(MONDAY)], [meeting_fields(MONDAY), meeting_fields(FRIDAY)]]},
        ),
        ([], {"times-0-DELETE": "on"}, {"times": [[meeting_fields(MONDAY)], []]}),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_change_by_hand_is_told_like_an_imports(
    meetings: list[Meeting], changes: dict[str, Any], told: dict[str, Any], pages: Client, lecture: Lecture
) -> None:
    save(pages, lecture, *meetings, **changes)
    change = LectureChange.objects.get()
    assert (change.lecture, change.fields) == (lecture, told)


@pytest.mark.parametrize("changes", [{"capacity": 50}, {"enrolled": 10}, {"grade_years": [1, 2]}], ids=str)
def test_seats_and_years_are_no_news(changes: dict[str, Any], pages: Client, lecture: Lecture) -> None:
    save(pages, lecture, **changes)
    assert not LectureChange.objects.exists()


def test_a_change_that_is_refused_is_not_told(pages: Client, lecture: Lecture) -> None:
    response = pages.post(url(lecture), changed(lecture, title=""))
    assert list(errors_of(response)) == ["title"]
    assert not LectureChange.objects.exists()


# --- What is refused
@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"semester": ""}, "semester"),
        ({"semester": "987654321"}, "semester"),
        ({"code": " "}, "code"),
        ({"code": "ﷺ" * 30}, "code"),
        ({"section": "ﷺ" * 10}, "section"),
        ({"title": "㈜" * 100}, "title"),
        ({"title": "가" * 201}, "title"),
        ({"professor": "ﷺ" * 100}, "professor"),
        ({"campus": "\0"}, "campus"),
        ({"remark": "가" * 1001}, "remark"),
        ({"credit": ""}, "credit"),
        ({"credit": "-1"}, "credit"),
        ({"credit": "0.25"}, "credit"),
        ({"credit": "1000"}, "credit"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": str(2**40)}, "capacity"),
        ({"enrolled": "1.5"}, "enrolled"),
        ({"grade_years": ["7"]}, "grade_years"),
        ({"grade_years": ["x"]}, "grade_years"),
        ({"code": "ｃｓｅ 2002", "section": "１"}, "section"),  # taken
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_a_lecture_can_not_be_is_an_error_of_its_field(
    changes: dict[str, Any], attr: str, pages: Client, semester: Semester, lecture: Lecture
) -> None:
    assert list(errors_of(pages.post(add_url(), new(semester) | changes))) == [attr]
    assert Lecture.objects.count() == 1


def test_a_lecture_does_not_become_another_of_its_semester(pages: Client, lecture: Lecture) -> None:
    make_lecture(lecture.semester, code="CSE3003")
    response = pages.post(url(lecture), changed(lecture, code="CSE 3003"))
    assert list(errors_of(response)) == ["section"]
    save(pages, lecture, code="CSE 3003", section="Ｂ")
    assert (lecture.code_key, lecture.section_key) == ("cse3003", "b")


@pytest.mark.parametrize(
    ("row", "attr"),
    [
        ({"start": "10:00", "end": "10:00"}, "end"),
        ({"start": "10:00", "end": "09:59"}, "end"),
        ({"start": "25:00"}, "start"),
        ({"end": "24:01"}, "end"),
        ({"end": "99:59"}, "end"),
        ({"start": "nine"}, "start"),
        ({"start": "٠٩:٠٠"}, "start"),
        ({"start": ""}, "start"),
        ({"weekday": "8"}, "weekday"),
        ({"weekday": ""}, "weekday"),
        ({"first_week": "1"}, "last_week"),
        ({"last_week": "1"}, "last_week"),
        ({"first_week": "3", "last_week": "2"}, "last_week"),
        ({"first_week": "0", "last_week": "2"}, "first_week"),
        ({"first_week": "1", "last_week": "54"}, "last_week"),
        ({"first_week": "1", "last_week": str(2**70)}, "last_week"),
        ({"place": "가" * 201}, "place"),
    ],
    ids=str,
)
def test_what_a_time_can_not_be_is_an_error_of_its_field(
    row: dict[str, Any], attr: str, pages: Client, semester: Semester
) -> None:
    time = {"weekday": "1", "start": "09:00", "end": "10:30", "place": ""} | row
    assert list(errors_of(pages.post(add_url(), new(semester, time)))) == [f"times-0-{attr}"]
    assert not Lecture.objects.exists()


def test_times_go_from_midnight_to_midnight_and_may_repeat(pages: Client, semester: Semester) -> None:
    day = {"weekday": "7", "start": "0:00", "end": "24:00", "first_week": "1", "last_week": "53"}
    assert pages.post(add_url(), new(semester, day, day)).status_code == 302
    assert (
        list(LectureTime.objects.values_list("weekday", "start", "end", "last_week"))
        == [(7, 0, 1440, 53)] * 2
    )
    page = pages.get(url(Lecture.objects.get())).content.decode()
    assert 'value="00:00"' in page
    assert 'value="24:00"' in page
