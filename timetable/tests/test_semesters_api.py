from datetime import date

import pytest

from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.models import Semester
from timetable.tests.factories import SemesterFactory

pytestmark = pytest.mark.django_db

SEMESTERS = "/api/v1/semesters/"
TERMS = [("1", 3, 6), ("summer", 6, 8), ("2", 9, 12), ("winter", 12, 12)]


def make_semester(school, name, start, end):
    year, _dash, term = name.partition("-")
    return SemesterFactory(school=school, year=year, term=term, starts_on=start, ends_on=end)


@pytest.fixture
def semesters(user):
    """Four of them, of which the third has begun on 20 September 2025."""
    dates = [
        ("2025-1", date(2025, 3, 3), date(2025, 6, 20)),
        ("2025-summer", date(2025, 6, 23), date(2025, 7, 11)),
        ("2025-2", date(2025, 9, 1), date(2025, 12, 19)),
        ("2026-1", date(2026, 3, 2), date(2026, 6, 19)),
    ]
    made = [make_semester(user.school, *row) for row in reversed(dates)]
    return made[::-1]


def names(api, **query):
    answer = api.get(SEMESTERS, query)
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def current_on(moment, client_of, user, time_machine):
    """The current semesters as of a moment, in Seoul. One signs in then: a token lives for minutes."""
    time_machine.move_to(f"{moment}+09:00")
    api = client_of(user)
    return [row["name"] for row in api.get(SEMESTERS).json()["results"] if row["is_current"]]


def test_semesters_are_listed_newest_first(api, semesters):
    assert names(api) == ["2026-1", "2025-2", "2025-summer", "2025-1"]


def test_a_semester_says_when_it_is(client_of, user, semesters, time_machine):
    time_machine.move_to("2025-09-20T12:00:00+09:00")
    semester = semesters[2]
    answer = client_of(user).get(f"{SEMESTERS}{semester.pk}/")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": semester.pk,
        "school": {"id": user.school.pk, "name": user.school.name, "region": user.school.region},
        "name": "2025-2",
        "year": 2025,
        "term": "2",
        "term_display": "second semester",
        "starts_on": "2025-09-01",
        "ends_on": "2025-12-19",
        "weeks": 16,
        "is_current": True,
    }


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2024-01-01", "2025-1"),  # none has begun: the first
        ("2025-03-02", "2025-1"),
        ("2025-03-03", "2025-1"),
        ("2025-08-31", "2025-summer"),
        ("2025-09-01", "2025-2"),
        ("2026-03-01", "2025-2"),
        ("2030-01-01", "2026-1"),
    ],
)
@pytest.mark.usefixtures("semesters")
def test_the_current_one_is_the_last_that_has_begun(client_of, user, time_machine, today, expected):
    assert current_on(f"{today}T00:00:01", client_of, user, time_machine) == [expected]


@pytest.mark.usefixtures("semesters")
def test_another_schools_semesters_make_none_of_ours_current(client_of, user, time_machine):
    SemesterFactory(starts_on=date(2025, 9, 10))
    assert current_on("2025-09-20T12:00:00", client_of, user, time_machine) == ["2025-2"]


@pytest.mark.parametrize("size", range(1, 6))
def test_pages_show_each_semester_once_both_ways(api, user, semesters, size):
    tied = make_semester(user.school, "2025-winter", date(2025, 9, 1), date(2025, 12, 19))
    pages, url = [], f"{SEMESTERS}?page_size={size}"
    while url:
        pages.append(api.get(url).json())
        url = pages[-1]["next"]
    ids = [row["id"] for page in pages for row in page["results"]]
    first, second, third, last = semesters
    assert ids == [last.pk, tied.pk, third.pk, second.pk, first.pk]
    back, url = [], pages[-1]["previous"]
    while url:
        back.append(api.get(url).json())
        url = back[-1]["previous"]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages[:-1]]


def test_another_schools_semesters_do_not_exist(api, semesters):
    foreign = SemesterFactory(year=2001)
    assert "2001-2" not in names(api)
    assert api.get(f"{SEMESTERS}{foreign.pk}/").status_code == 404
    assert codes(api.get(SEMESTERS, {"school": foreign.school.pk})) == {("school", "does_not_exist")}


def test_staff_see_every_schools_and_choose(client_of, user, semesters):
    foreign = SemesterFactory(year=2001, starts_on=date(2001, 9, 3), ends_on=date(2001, 12, 21))
    staff = client_of(StaffFactory())
    assert len(names(staff)) == 5
    assert names(staff, school=foreign.school.pk) == ["2001-2"]
    assert staff.get(f"{SEMESTERS}{foreign.pk}/").status_code == 200


def test_whoever_is_signed_in_reads_semesters(anonymous, client_of, user, semesters):
    assert anonymous.get(SEMESTERS).status_code == 401
    assert anonymous.get(f"{SEMESTERS}{semesters[0].pk}/").status_code == 401
    unverified = client_of(UserFactory(school=user.school, school_verified_at=None))
    assert len(names(unverified)) == 4
    assert unverified.get(f"{SEMESTERS}{semesters[0].pk}/").status_code == 200
    assert names(client_of(UserFactory(school=SchoolFactory()))) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_semesters_here(client_of, semesters, method):
    staff = client_of(StaffFactory())
    assert getattr(staff, method)(f"{SEMESTERS}{semesters[0].pk}/", {}).status_code == 405
    assert getattr(staff, method)(SEMESTERS, {}).status_code == 405
    assert Semester.objects.count() == 4


def test_a_list_costs_the_same_for_1_semester_and_for_30(api, user, count_queries):
    def read():
        assert api.get(SEMESTERS, {"page_size": 100}).status_code == 200

    make_semester(user.school, "2000-1", date(2000, 3, 2), date(2000, 6, 20))
    read()
    one = count_queries(read)
    for n in range(29):
        term, start, end = TERMS[n % 4]
        year = 2001 + n // 4
        make_semester(user.school, f"{year}-{term}", date(year, start, 1), date(year, end, 28))
    assert count_queries(read) == one <= 4
