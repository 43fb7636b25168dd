from datetime import date

import pytest

from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.models import TimetableEntry
from timetable.tests.factories import CourseFactory, SemesterFactory, TimetableFactory, make_lecture

pytestmark = pytest.mark.django_db

COURSES = "/api/v1/courses/"


@pytest.fixture
def courses(user):
    rows = {
        "structures": ("CSE1001", "자료구조", "김민준"),
        "structures2": ("CSE1001", "자료 구조", "이서연, 박도윤"),
        "operating": ("CSE-2002", "운영체제 OS", "이서연"),
        "percent": ("MKT100", "이익 100%_달성", ""),
        "party": ("ART1", "😀 이모지", "김하은"),
    }
    return {
        name: CourseFactory(school=user.school, code=code, title=title, professor=professor)
        for name, (code, title, professor) in rows.items()
    }


def names(api, courses, **query):
    answer = api.get(COURSES, query)
    assert answer.status_code == 200, answer.content
    by_id = {course.pk: name for name, course in courses.items()}
    return " ".join(by_id[row["id"]] for row in answer.json()["results"])


def attend(user, course, **fields):
    """A timetable of the user's with a lecture of the course in it."""
    semester = SemesterFactory(school=course.school, **fields)
    lecture = make_lecture(semester, course=course)
    timetable = TimetableFactory(user=user, semester=semester)
    return TimetableEntry.objects.create(timetable=timetable, lecture=lecture)


def test_a_course_says_what_it_is_and_who_teaches_it(api, courses):
    course = courses["structures"]
    answer = api.get(f"{COURSES}{course.pk}/")
    assert answer.status_code == 200
    row = answer.json()
    assert row.pop("review_summary")["count"] == 0
    assert row == {
        "id": course.pk,
        "code": "CSE1001",
        "title": "자료구조",
        "professor": "김민준",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "structures structures2 operating percent party"),
        ({"search": "자료구조"}, "structures structures2"),
        ({"search": "구조 자료"}, "structures structures2"),
        ({"search": "ㅈㄹㄱㅈ"}, "structures structures2"),
        ({"search": "자료ㄱ"}, "structures structures2"),
        ({"search": "구조 김민"}, "structures"),
        ({"search": "cse1001"}, "structures structures2"),
        ({"search": "os"}, "operating"),
        ({"search": "0%_"}, "percent"),
        ({"search": "%%"}, ""),
        ({"search": "😀 이모"}, "party"),
        ({"search": "🍕 이모"}, ""),
        ({"professor": "이서"}, "structures2 operating"),
        ({"professor": "이 서 연"}, "structures2 operating"),
        ({"professor": "자료"}, ""),
        ({"code": "cse1001"}, "structures structures2"),
        ({"code": "ＣＳＥ 1001"}, "structures structures2"),
        ({"code": "CSE"}, ""),
        ({"code": "CSE1001", "professor": "김"}, "structures"),
    ],
    ids=str,
)
def test_courses_are_filtered(api, courses, query, expected):
    assert names(api, courses, **query) == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"search": "가"}, "min_length"),
        ({"search": ""}, "blank"),
        ({"search": "가" * 101}, "max_length"),
        ({"professor": " "}, "blank"),
        ({"code": "x" * 101}, "max_length"),
        ({"code": "\0"}, "null_characters_not_allowed"),
        ({"reviewable": "yes"}, "invalid"),
        ({"ordering": "title"}, "unknown_parameter"),
        ({"title": "자료"}, "unknown_parameter"),
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused(api, query, code):
    answer = api.get(COURSES, query)
    assert answer.status_code == 400
    assert codes(answer) == {(next(iter(query)), code)}


# --- What one may review ---
BEGINS_TODAY = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 12, 19)}


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2025-08-31T23:59:59+09:00", ""), ("2025-09-01T00:00:01+09:00", "operating")],
)
def test_a_course_is_reviewable_once_the_semester_of_the_timetable_has_begun(
    client_of, user, courses, time_machine, now, expected
):
    time_machine.move_to(now)
    api = client_of(user)
    attend(user, courses["operating"], **BEGINS_TODAY)
    assert names(api, courses, reviewable="true") == expected
    others = set(names(api, courses, reviewable="false").split())
    assert others == courses.keys() - {expected}


def test_what_others_attend_is_not_reviewable(api, user, courses):
    attend(UserFactory(school=user.school), courses["operating"], **BEGINS_TODAY)
    assert names(api, courses, reviewable="true") == ""


def test_a_course_attended_twice_is_listed_once(api, user, courses):
    attend(user, courses["operating"], year=2023, starts_on=date(2023, 9, 4), ends_on=date(2023, 12, 22))
    entry = attend(user, courses["operating"], **BEGINS_TODAY)
    second = TimetableFactory(user=user, semester=entry.timetable.semester)
    TimetableEntry.objects.create(timetable=second, lecture=entry.lecture)
    assert names(api, courses, reviewable="true") == "operating"


def test_something_of_ones_own_in_a_timetable_makes_nothing_reviewable(api, user, courses):
    timetable = TimetableFactory(user=user, semester=SemesterFactory(school=user.school))
    TimetableEntry.objects.create(timetable=timetable, title="동아리")
    assert names(api, courses, reviewable="true") == ""
    assert len(names(api, courses, reviewable="false").split()) == len(courses)


# --- Who sees what ---
def test_another_schools_courses_do_not_exist(api, courses):
    foreign = CourseFactory()
    assert foreign.pk not in {row["id"] for row in api.get(COURSES).json()["results"]}
    assert api.get(f"{COURSES}{foreign.pk}/").status_code == 404
    assert codes(api.get(COURSES, {"school": foreign.school.pk})) == {("school", "does_not_exist")}


def test_staff_see_every_schools_and_choose(client_of, courses):
    foreign = CourseFactory()
    staff = client_of(StaffFactory())
    assert len(staff.get(COURSES).json()["results"]) == len(courses) + 1
    assert names(staff, courses | {"foreign": foreign}, school=foreign.school.pk) == "foreign"
    assert staff.get(f"{COURSES}{foreign.pk}/").status_code == 200


def test_whoever_is_signed_in_reads_courses(anonymous, client_of, user, courses):
    course = courses["percent"]
    assert anonymous.get(COURSES).status_code == anonymous.get(f"{COURSES}{course.pk}/").status_code == 401
    unverified = client_of(UserFactory(school=user.school, school_verified_at=None))
    assert unverified.get(f"{COURSES}{course.pk}/").status_code == 200
    assert client_of(UserFactory(school=SchoolFactory())).get(COURSES).json()["results"] == []


@pytest.mark.parametrize(
    "query", [{}, {"search": "자료"}, {"reviewable": "true"}, {"professor": "김"}], ids=str
)
def test_a_list_costs_the_same_for_1_course_and_for_30(api, user, count_queries, query):
    def read():
        return api.get(COURSES, {"page_size": 100} | query).json()["results"]

    entry = attend(user, CourseFactory(school=user.school), **BEGINS_TODAY)
    assert len(read()) == 1
    one = count_queries(read)
    for _ in range(29):
        lecture = make_lecture(entry.timetable.semester)
        TimetableEntry.objects.create(timetable=entry.timetable, lecture=lecture)
    assert len(read()) == 30
    assert count_queries(read) == one <= 4
