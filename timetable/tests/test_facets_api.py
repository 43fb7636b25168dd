import pytest

from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.models.lectures import grade_year_bits
from timetable.tests.factories import SemesterFactory, make_lecture

pytestmark = pytest.mark.django_db

FACETS = "/api/v1/lectures/facets/"
EMPTY = {"departments", "categories", "areas", "campuses", "credits", "grade_years"}


@pytest.fixture
def lectures(semester):
    def make(department, category, area, campus, credit, *years):
        return make_lecture(
            semester,
            department=department,
            category=category,
            area=area,
            campus=campus,
            credit=credit,
            grade_year=grade_year_bits(years),
        )

    make("컴퓨터공학과", "전필", "", "가좌", "3", 2)
    make("컴퓨터공학과", "전선", "AI", "가좌", "3", 1, 2)
    make("경영학과", "전선", "ai", "", "0.5")
    make("", "교양", "😀", "칠암", "10", *range(1, 7))
    make("경영학과", "교양", "🍕", "칠암", "0", 6)


def facets(api, semester):
    answer = api.get(FACETS, {"semester": semester.pk})
    assert answer.status_code == 200, answer.content
    return {
        name: [(facet["value"], facet["count"]) for facet in found] for name, found in answer.json().items()
    }


@pytest.mark.usefixtures("lectures")
def test_facets_count_the_lectures_of_each_value_in_order(api, semester):
    assert facets(api, semester) == {
        "departments": [("경영학과", 2), ("컴퓨터공학과", 2)],
        "categories": [("교양", 2), ("전선", 2), ("전필", 1)],
        "areas": [("AI", 1), ("ai", 1), ("🍕", 1), ("😀", 1)],
        "campuses": [("가좌", 2), ("칠암", 2)],
        "credits": [(0, 1), (0.5, 1), (3, 2), (10, 1)],
        "grade_years": [(1, 2), (2, 3), (3, 1), (4, 1), (5, 1), (6, 2)],
    }


def test_cancelled_lectures_do_not_count(api, semester):
    make_lecture(semester, department="사학과", grade_year=grade_year_bits([1]), is_cancelled=True)
    assert not any(facets(api, semester).values())
    make_lecture(semester, department="사학과")
    assert facets(api, semester)["departments"] == [("사학과", 1)]


def test_a_semester_without_lectures_has_empty_facets(api, semester):
    assert facets(api, semester) == {name: [] for name in EMPTY}


def test_another_semesters_lectures_do_not_count(api, user, semester):
    make_lecture(SemesterFactory(school=user.school, year=2024), department="사학과")
    assert facets(api, semester)["departments"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "required"),
        ({"semester": ""}, "required"),
        ({"semester": "x"}, "invalid"),
        ({"semester": "987654321"}, "does_not_exist"),
    ],
    ids=str,
)
def test_a_semester_has_to_be_given(api, query, code):
    answer = api.get(FACETS, query)
    assert (answer.status_code, codes(answer)) == (400, {("semester", code)})


@pytest.mark.parametrize("name", ["search", "cursor", "page_size", "ordering"])
def test_facets_take_no_other_parameter(api, semester, name):
    answer = api.get(FACETS, {"semester": semester.pk, name: "1"})
    assert codes(answer) == {(name, "unknown_parameter")}


def test_another_schools_semester_is_told_like_a_missing_one(api):
    foreign = SemesterFactory()
    make_lecture(foreign, department="사학과")
    answer, missing = (api.get(FACETS, {"semester": pk}) for pk in (foreign.pk, 987654321))
    assert answer.status_code == 400
    assert codes(answer) == {("semester", "does_not_exist")}
    assert answer.content == missing.content


@pytest.mark.usefixtures("lectures")
def test_whoever_is_signed_in_reads_facets(anonymous, client_of, user, semester):
    assert anonymous.get(FACETS, {"semester": semester.pk}).status_code == 401
    for person in (
        StaffFactory(),
        UserFactory(school=user.school, school_verified_at=None),
        UserFactory(school=user.school),
    ):
        assert len(facets(client_of(person), semester)["departments"]) == 2
    other = client_of(UserFactory(school=SchoolFactory()))
    assert other.get(FACETS, {"semester": semester.pk}).status_code == 400


def test_facets_cost_the_same_for_1_lecture_and_for_30(api, semester, count_queries):
    make_lecture(semester, department="학과 0")
    one = count_queries(lambda: facets(api, semester))
    for n in range(1, 30):
        make_lecture(semester, department=f"학과 {n}", category=f"{n}", credit=n)
    assert count_queries(lambda: facets(api, semester)) == one <= 4
