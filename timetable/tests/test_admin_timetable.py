"""The operators' pages for semesters, courses, lectures and timetables."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from timetable.models import Course, Lecture, LectureWatch, Semester, Timetable, TimetableEntry
from timetable.tests.factories import (
    CourseFactory,
    SemesterFactory,
    TimetableFactory,
    make_lecture,
)
from timetable.times import Meeting

pytestmark = pytest.mark.django_db

PAGES = ("semester", "course", "lecture", "timetable")
MODELS = {"semester": Semester, "course": Course, "lecture": Lecture, "timetable": Timetable}


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:timetable_{model}_{page}", args=args)


def rows(response: Any) -> list[Any]:
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def browser_of(user: User, *permissions: str) -> Client:
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


@pytest.fixture
def entry() -> TimetableEntry:
    """A lecture in somebody's timetable, with what is nobody else's to read."""
    lecture = make_lecture(SemesterFactory(), Meeting(1, 540, 600, "공학관"), title="자료구조")
    timetable = TimetableFactory(semester=lecture.semester, name="비밀 시간표", share_token="5ec2e7" * 5)
    return TimetableEntry.objects.create(timetable=timetable, lecture=lecture, memo="시험 답안")


def make_row(model: str) -> None:
    """One of another school each, so that what belongs to it is looked up."""
    lecture = make_lecture(SemesterFactory(), Meeting(1, 540, 600))
    if model == "timetable":
        timetable = TimetableFactory(semester=lecture.semester)
        TimetableEntry.objects.create(timetable=timetable, lecture=lecture)


# --- Lists and pages
@pytest.mark.parametrize("model", PAGES)
def test_a_list_costs_the_same_for_1_row_and_for_30(
    model: str, pages: Client, count_queries: Callable[..., int]
) -> None:
    def read() -> None:
        assert pages.get(url(model)).status_code == 200

    make_row(model)
    read()
    few = count_queries(read)
    for _ in range(29):
        make_row(model)
    assert len(rows(pages.get(url(model)))) == 30
    assert count_queries(read) == few <= 8


@pytest.mark.parametrize("model", PAGES)
def test_every_page_of_a_row_opens(model: str, pages: Client, entry: TimetableEntry) -> None:
    row = MODELS[model].objects.get()
    assert str(row) in pages.get(url(model, "change", row.pk)).content.decode()
    assert pages.get(url(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", ["semester", "course", "lecture"])
def test_the_page_to_make_one_opens(model: str, pages: Client) -> None:
    SemesterFactory()
    assert pages.get(url(model, "add")).status_code == 200


@pytest.mark.parametrize("make", [1, 30])
def test_the_page_of_a_timetable_costs_the_same_however_full(
    make: int, pages: Client, entry: TimetableEntry, count_queries: Callable[..., int]
) -> None:
    for _ in range(make):
        lecture = make_lecture(entry.timetable.semester)
        TimetableEntry.objects.create(timetable=entry.timetable, lecture=lecture)
    path = url("timetable", "change", entry.timetable_id)
    assert count_queries(lambda: pages.get(path)) <= 7


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        ("semester", "2025", 1),
        ("semester", "2025 summer", 0),
        ("semester", "2025 2 마당", 1),
        ("course", "자료구조", 1),
        ("course", "cse", 1),
        ("course", "없음", 0),
        ("lecture", "자료", 1),
        ("lecture", "공학관", 1),
        ("lecture", "없음", 0),
        ("timetable", "비밀 시간표", 1),
        ("timetable", "시험", 0),
        ("timetable", "5ec2e7", 0),
    ],
)
@pytest.mark.usefixtures("entry")
def test_rows_are_searched(model: str, words: str, found: int, pages: Client) -> None:
    assert len(rows(pages.get(url(model), {"q": words}))) == found


def test_a_timetable_is_searched_by_whose_it_is(pages: Client, entry: TimetableEntry) -> None:
    TimetableFactory()
    found = rows(pages.get(url("timetable"), {"q": entry.timetable.user.username}))
    assert found == [entry.timetable]


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("semester", "school"),
        ("course", "school"),
        ("lecture", "semester__school"),
        ("timetable", "semester__school"),
    ],
)
def test_rows_are_filtered_by_school(model: str, path: str, pages: Client, entry: TimetableEntry) -> None:
    make_row(model)
    UserFactory()
    school = entry.timetable.semester.school
    assert len(rows(pages.get(url(model)))) == 2
    assert len(rows(pages.get(url(model), {f"{path}__id__exact": school.pk}))) == 1


def test_lectures_are_filtered_by_semester_each_with_its_school(pages: Client, entry: TimetableEntry) -> None:
    make_row("lecture")
    semester = entry.timetable.semester
    response = pages.get(url("lecture"), {"semester__id__exact": semester.pk})
    assert rows(response) == [entry.lecture]
    assert f"{semester.school} 2025-2" in response.content.decode()


# --- Who comes in
@pytest.mark.parametrize("model", PAGES)
@pytest.mark.usefixtures("entry")
def test_moderators_see_none_of_it_whatever_permissions_they_have(model: str) -> None:
    moderator = UserFactory(is_moderator=True)
    every = Permission.objects.values_list("codename", flat=True)
    browser = browser_of(moderator, *every)
    row = MODELS[model].objects.get()
    for page in (url(model), url(model, "add"), url(model, "change", row.pk), url(model, "delete", row.pk)):
        assert browser.get(page).status_code == 403
    assert url(model) not in browser.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", PAGES)
@pytest.mark.usefixtures("entry")
def test_staff_see_what_they_have_the_permission_for(model: str) -> None:
    row = MODELS[model].objects.get()
    assert browser_of(StaffFactory()).get(url(model)).status_code == 403
    browser = browser_of(StaffFactory(), f"view_{model}")
    assert len(rows(browser.get(url(model)))) == 1
    assert browser.get(url(model, "change", row.pk)).status_code == 200
    assert browser.get(url(model, "add")).status_code == 403
    assert browser.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


# --- Timetables
@pytest.mark.parametrize("permissions", [None, ["view_timetable"]])
def test_a_timetable_is_shown_without_memo_and_share_token(
    permissions: list[str] | None, pages: Client, entry: TimetableEntry
) -> None:
    TimetableEntry.objects.create(timetable=entry.timetable, title="알바")
    browser = pages if permissions is None else browser_of(StaffFactory(), *permissions)
    page = browser.get(url("timetable", "change", entry.timetable_id)).content.decode()
    for shown in ("비밀 시간표", "자료구조", "알바", entry.timetable.user.username):
        assert shown in page
    everything = page + browser.get(url("timetable")).content.decode()
    for secret in ("시험 답안", "5ec2e7"):
        assert secret not in everything


def test_nobody_changes_a_timetable_here(pages: Client, entry: TimetableEntry) -> None:
    pk = entry.timetable_id
    assert pages.get(url("timetable", "add")).status_code == 403
    assert pages.post(url("timetable", "change", pk), {"name": "남의 것"}).status_code == 403
    assert pages.post(url("timetable", "delete", pk), {"post": "yes"}).status_code == 403
    assert Timetable.objects.get().name == "비밀 시간표"


# --- Deleting
@pytest.mark.parametrize(
    ("model", "holders"),
    [
        ("semester", ["Lectures: 1", "Timetables: 1"]),
        ("course", ["Lectures: 1"]),
        ("lecture", ["Timetable entries: 1"]),
    ],
)
def test_what_something_holds_is_not_deleted_and_the_page_says_why(
    model: str, holders: list[str], pages: Client, entry: TimetableEntry
) -> None:
    row = MODELS[model].objects.get()
    many = {"action": "delete_selected", "_selected_action": row.pk}
    for path, data in [(url(model, "delete", row.pk), {"post": "yes"}), (url(model), many | {"post": "yes"})]:
        page = pages.post(path, data)
        assert page.status_code == 200
        text = page.content.decode()
        for holder in holders:
            assert holder in text
        assert "비밀 시간표" not in text
        assert MODELS[model].objects.exists()


def test_what_nothing_holds_is_deleted_with_what_hangs_on_it(pages: Client) -> None:
    lecture = make_lecture(SemesterFactory(), Meeting(1, 540, 600))
    LectureWatch.objects.create(lecture=lecture, user=UserFactory())
    for model, row in [("lecture", lecture), ("course", lecture.course), ("semester", lecture.semester)]:
        assert pages.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 302
        assert not MODELS[model].objects.exists()


# --- Semesters
def new_semester(**changes: Any) -> dict[str, Any]:
    fields = {"year": 2025, "term": "2", "starts_on": "2025-09-01", "ends_on": "2025-12-19"}
    return fields | changes


def test_a_semester_is_made_and_changed(pages: Client) -> None:
    school = SchoolFactory()
    assert pages.post(url("semester", "add"), new_semester(school=school.pk)).status_code == 302
    semester = Semester.objects.get()
    assert (semester.school, semester.name) == (school, "2025-2")
    path = url("semester", "change", semester.pk)
    changed = new_semester(ends_on="2025-12-20", school=SchoolFactory().pk)
    assert pages.post(path, changed).status_code == 302
    semester.refresh_from_db()
    assert (semester.ends_on, semester.school) == (date(2025, 12, 20), school)


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"ends_on": "2025-09-01"}, "ends_on"),
        ({"ends_on": "2025-08-31"}, "ends_on"),
        ({"ends_on": "2026-09-20"}, "ends_on"),
        ({"year": 1999}, "year"),
        ({"year": 2**70}, "year"),
        ({"term": "3"}, "term"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "someday"}, "starts_on"),
        ({"school": ""}, "school"),
        ({"school": "987654321"}, "school"),
        ({"year": 2024}, "term"),  # taken
    ],
)
def test_what_a_semester_can_not_be_is_an_error_of_its_field(
    changes: dict[str, Any], attr: str, pages: Client
) -> None:
    school = SemesterFactory(year=2024).school
    response = pages.post(url("semester", "add"), new_semester(school=school.pk) | changes)
    assert list(errors_of(response)) == [attr]


def test_a_semester_does_not_become_another_of_its_school(pages: Client) -> None:
    first = SemesterFactory(year=2024)
    second = SemesterFactory(school=first.school)
    path = url("semester", "change", second.pk)
    assert list(errors_of(pages.post(path, new_semester(year=2024)))) == ["term"]
    assert pages.post(path, new_semester()).status_code == 302
    SemesterFactory(year=2023)
    assert pages.post(path, new_semester(year=2023)).status_code == 302  # another school's


# --- Courses
def new_course(**changes: Any) -> dict[str, Any]:
    return {"code": "CSE1001", "title": "자료구조", "professor": "김민준"} | changes


def test_a_course_is_found_as_it_is_called(pages: Client) -> None:
    school = SchoolFactory()
    assert pages.post(url("course", "add"), new_course(school=school.pk)).status_code == 302
    course = Course.objects.get()
    assert (course.search_text, course.title_initials) == ("자료구조\n김민준\ncse1001", "ㅈㄹㄱㅈ")
    Course.objects.update(rating=400)
    path = url("course", "change", course.pk)
    assert pages.post(path, new_course(title="운영 체제", professor="이서연, 김민준")).status_code == 302
    course.refresh_from_db()
    assert (course.search_text, course.title_initials) == ("운영체제\n이서연,김민준\ncse1001", "ㅇㅇㅊㅈ")
    assert (course.professor_key, course.school, course.rating) == ("김민준,이서연", school, 400)


def test_saving_a_course_leaves_what_happened_meanwhile(pages: Client, monkeypatch: Any) -> None:
    course = CourseFactory(code="CSE1001", title="자료구조")
    index = Course.index

    def rate_meanwhile(self: Course) -> None:
        Course.objects.update(rating=450)
        index(self)

    monkeypatch.setattr(Course, "index", rate_meanwhile)
    assert pages.post(url("course", "change", course.pk), new_course(title="새 제목")).status_code == 302
    course.refresh_from_db()
    assert (course.title, course.rating) == ("새 제목", 450)


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"code": ""}, "code"),
        ({"code": "ﷺ" * 30}, "code"),  # 18 letters each once folded
        ({"title": "㈜" * 100}, "title"),
        ({"title": "자료\u200b구조"}, "title"),
        ({"professor": "ﷺ" * 100}, "professor"),
        ({"school": ""}, "school"),
        ({"code": "ｃｓｅ 2002", "professor": "이서연/김민준"}, "code"),  # taken
    ],
)
def test_what_a_course_can_not_be_is_an_error_of_its_field(
    changes: dict[str, Any], attr: str, pages: Client
) -> None:
    taken = CourseFactory(code="CSE2002", professor="김민준, 이서연")
    response = pages.post(url("course", "add"), new_course(school=taken.school.pk) | changes)
    assert list(errors_of(response)) == [attr]


def test_a_course_of_another_school_or_professor_is_another(pages: Client) -> None:
    course = CourseFactory(**new_course())
    other = new_course(professor="이서연", school=course.school.pk)
    assert pages.post(url("course", "add"), other).status_code == 302
    assert pages.post(url("course", "add"), new_course(school=SchoolFactory().pk)).status_code == 302
    assert pages.post(url("course", "change", course.pk), new_course()).status_code == 302
    assert Course.objects.count() == 3


@pytest.mark.parametrize("school", ["abc", "1.5", "\x00", "9" * 30, "-1", ""])
def test_what_is_no_key_is_an_error_of_its_field(school: str, pages: Client) -> None:
    for model, body in (("semester", new_semester(school=school)), ("course", new_course(school=school))):
        assert "school" in errors_of(pages.post(url(model, "add"), body))
