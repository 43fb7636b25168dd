"""Lectures, and who sees them. The filters by time are in `test_lectures_times.py`."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.tests.factories import SchoolFactory, StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.models import Course, Lecture, LectureWatch
from timetable.models.lectures import grade_year_bits
from timetable.tests.factories import CourseFactory, SemesterFactory, make_lecture
from timetable.times import Meeting

pytestmark = pytest.mark.django_db

LECTURES = "/api/v1/lectures/"


@pytest.fixture
def lectures(semester):
    """Lectures by name. Their titles are in the order of the names."""
    hall = Meeting(1, 540, 615, "공학관 401")

    def make(*meetings, years=(), **fields):
        return make_lecture(semester, *meetings, grade_year=grade_year_bits(years), **fields)

    return {
        "algebra": make(
            title="가 선형 대수",
            professor="김민준",
            code="MTH-101",
            department="수학과",
            category="전필",
            area="이학",
            campus="가좌",
            credit="3",
            years=[1],
        ),
        "party": make(title="나 😀 놀이", professor="Ann Lee", code="FUN100", credit="0.5", years=[1, 2]),
        "percent": make(
            title="다 100%_달성",
            professor="이서연, 박도윤",
            code="MKT300",
            department="경영학과",
            category="전선",
            campus="칠암",
            credit="2",
            years=[4, 5, 6],
        ),
        "structures": make(
            hall,
            title="라 자료구조 C",
            professor="이서연",
            code="CSE2002",
            department="컴퓨터공학과",
            category="전필",
            area="AI",
            campus="가좌",
            credit="3",
        ),
        "void": make(title="마 폐강", professor="", code="ETC100", credit="1", is_cancelled=True),
    }


def found(api, lectures, **query):
    answer = api.get(LECTURES, query)
    assert answer.status_code == 200, answer.content
    by_id = {lecture.pk: name for name, lecture in lectures.items()}
    return " ".join(by_id[row["id"]] for row in answer.json()["results"])


# --- What a lecture says ---
def test_a_lecture_says_what_the_catalogue_has_and_how_much_it_is_wanted(api, user, semester):
    lecture = make_lecture(
        semester,
        Meeting(3, 600, 675),
        Meeting(1, 540, 615, "공학관 401", 1, 8),
        title="자료구조",
        code="CSE2002",
        section="2",
        professor="이서연",
        category="전필",
        area="AI",
        department="컴퓨터공학과",
        grade_year=grade_year_bits([2, 3]),
        credit="2.5",
        capacity=40,
        enrolled=12,
        campus="가좌",
        remark="영어 강의",
    )
    Lecture.objects.filter(pk=lecture.pk).update(saved_count=30)
    Course.objects.filter(pk=lecture.course_id).update(rating=425)
    LectureWatch.objects.create(user=user, lecture=lecture)
    answer = api.get(f"{LECTURES}{lecture.pk}/")
    assert answer.status_code == 200
    row = answer.json()
    assert row == {
        "id": lecture.pk,
        "semester": semester.pk,
        "course": lecture.course_id,
        "code": "CSE2002",
        "section": "2",
        "title": "자료구조",
        "professor": "이서연",
        "category": "전필",
        "area": "AI",
        "department": "컴퓨터공학과",
        "grade_year": [2, 3],
        "credit": 2.5,
        "capacity": 40,
        "enrolled": 12,
        "campus": "가좌",
        "remark": "영어 강의",
        "is_cancelled": False,
        "saved_count": 30,
        "competition": 0.75,
        "rating": 4.25,
        "is_watched": True,
        "times": [
            {
                "weekday": 1,
                "start": 540,
                "end": 615,
                "place": "공학관 401",
                "first_week": 1,
                "last_week": 8,
            },
            {
                "weekday": 3,
                "start": 600,
                "end": 675,
                "place": "",
                "first_week": None,
                "last_week": None,
            },
        ],
    }
    assert api.get(LECTURES).json()["results"] == [row]


@pytest.mark.parametrize(("capacity", "competition"), [(None, None), (0, None), (1, 7), (8, 0.875)])
def test_without_seats_there_is_no_competition(api, semester, capacity, competition):
    lecture = make_lecture(semester, capacity=capacity, saved_count=7)
    assert api.get(f"{LECTURES}{lecture.pk}/").json()["competition"] == competition


def test_without_reviews_there_is_no_rating_and_without_years_none_is_named(api, semester):
    row = api.get(f"{LECTURES}{make_lecture(semester).pk}/").json()
    assert (row["rating"], row["grade_year"], row["times"]) == (None, [], [])


# --- Who sees what ---
@pytest.fixture
def foreign():
    """Another school's lecture."""
    return make_lecture(SemesterFactory(), title="남의 자료구조")


def test_another_schools_lectures_do_not_exist(api, lectures, foreign):
    assert len(api.get(LECTURES).json()["results"]) == len(lectures)
    assert api.get(f"{LECTURES}{foreign.pk}/").status_code == 404
    assert codes(api.get(LECTURES, {"semester": foreign.semester.pk})) == {("semester", "does_not_exist")}
    assert codes(api.get(LECTURES, {"school": foreign.semester.school.pk})) == {("school", "does_not_exist")}
    assert found(api, lectures, search="자료구조") == "structures"


def test_staff_see_every_schools_and_choose(client_of, lectures, foreign):
    staff, known = client_of(StaffFactory()), lectures | {"foreign": foreign}
    assert len(staff.get(LECTURES).json()["results"]) == len(known)
    assert found(staff, known, search="자료구조") == "foreign structures"
    assert found(staff, known, school=foreign.semester.school.pk) == "foreign"
    assert found(staff, known, semester=foreign.semester.pk) == "foreign"
    assert staff.get(f"{LECTURES}{foreign.pk}/").status_code == 200


def test_whoever_is_signed_in_reads_lectures(anonymous, client_of, user, lectures):
    url = f"{LECTURES}{lectures['void'].pk}/"
    assert anonymous.get(LECTURES).status_code == anonymous.get(url).status_code == 401
    unverified = client_of(UserFactory(school=user.school, school_verified_at=None))
    assert unverified.get(url).status_code == 200
    assert len(unverified.get(LECTURES).json()["results"]) == len(lectures)
    assert client_of(UserFactory(school=SchoolFactory())).get(LECTURES).json()["results"] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_lectures_here(client_of, lectures, method):
    staff = client_of(StaffFactory())
    assert getattr(staff, method)(f"{LECTURES}{lectures['void'].pk}/", {}).status_code == 405
    assert getattr(staff, method)(LECTURES, {}).status_code == 405


# --- Filters ---
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "algebra party percent structures void"),
        ({"department": "수학과"}, "algebra"),
        ({"department": ["수학과", "경영학과"]}, "algebra percent"),
        ({"department": "수학"}, ""),
        ({"category": "전필"}, "algebra structures"),
        ({"category": ["전필", "전선"]}, "algebra percent structures"),
        ({"category": ["전필", "없음"]}, "algebra structures"),
        ({"category": "없음"}, ""),
        ({"area": "AI"}, "structures"),
        ({"area": ["AI", "이학"]}, "algebra structures"),
        ({"campus": "가좌"}, "algebra structures"),
        ({"campus": ["가좌", "칠암"]}, "algebra percent structures"),
        ({"category": "전필", "area": "AI"}, "structures"),
        ({"grade_year": 1}, "algebra party"),
        ({"grade_year": 2}, "party"),
        ({"grade_year": [2, 4]}, "party percent"),
        ({"grade_year": 3}, ""),
        ({"grade_year": 6}, "percent"),
        ({"credit": "3"}, "algebra structures"),
        ({"credit": "3.0"}, "algebra structures"),
        ({"credit": "0.5"}, "party"),
        ({"credit": ["0.5", "2"]}, "party percent"),
        ({"credit": "0.52"}, ""),
        ({"credit": ["2.04", "1"]}, "void"),
        ({"credit": "1e-99"}, ""),
        ({"professor": "이서"}, "percent structures"),
        ({"professor": "이 서연"}, "percent structures"),
        ({"professor": "박도윤"}, "percent"),
        ({"professor": "annl"}, "party"),
        ({"professor": "수학"}, ""),
        ({"professor": "%"}, ""),
        ({"is_cancelled": "true"}, "void"),
        ({"is_cancelled": "false"}, "algebra party percent structures"),
    ],
    ids=str,
)
def test_lectures_are_filtered(api, lectures, query, expected):
    assert found(api, lectures, **query) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("자료구조", "structures"),
        ("자료 구조", "structures"),
        ("구조 자료", "structures"),
        ("선형대수", "algebra"),
        ("선 형대 수", "algebra"),
        ("대수 구조", ""),
        ("이서연 자료", "structures"),
        ("박도 달성", "percent"),
        ("cse2002", "structures"),
        ("ＣＳＥ", "structures"),
        ("mth-1", "algebra"),
        ("annlee", "party"),
        ("공학관", "structures"),
        ("401 라", "structures"),
        ("관401", "structures"),
        ("%_", "percent"),
        ("0%", "percent"),
        ("_달", "percent"),
        ("1%0", ""),
        ("가_선형", ""),
        ("\\\\", ""),
        ("''", ""),
        ("😀놀이", "party"),
        ("😀 놀", "party"),
        ("🍕 놀이", ""),
        ("🍕🍕", ""),
        ("조c이", ""),  # a word of two texts is none
        ("ㅈㄹㄱㅈ", "structures"),
        ("ㅈㄹㄱㅈc", "structures"),
        ("ㅈㄹㄱㅈ ㄹ", "structures"),
        ("ㄷㅅ", "algebra percent"),
        ("ㅅㅎㄷㅅ", "algebra"),
        ("ㄱㅁㅈ", ""),  # initials find titles alone
        ("ㅈㄹㄱㅈ 이서", "structures"),
        ("자료ㄱㅈ", "structures"),
        ("자ㄹㄱ", "structures"),
        ("ㅈ료구조", "structures"),
        ("자료ㄱㅅ", ""),
        ("자로ㄱㅈ", ""),
        ("\u110c\u1161료구조", "structures"),
        ("ㅏㅏ", ""),
    ],
    ids=str,
)
def test_lectures_are_searched(api, lectures, words, expected):
    assert found(api, lectures, search=words) == expected


def test_a_semester_has_its_own_lectures(api, user, lectures, semester):
    other = SemesterFactory(school=user.school, year=2024)
    known = lectures | {"last year's": make_lecture(other, title="바")}
    assert found(api, known, semester=semester.pk) == "algebra party percent structures void"
    assert found(api, known, semester=other.pk) == "last year's"
    assert found(api, known, school=user.school.pk).endswith("last year's")


def test_watched_lectures_are_ones_own(api, user, lectures):
    LectureWatch.objects.create(user=user, lecture=lectures["party"])
    LectureWatch.objects.create(user=UserFactory(school=user.school), lecture=lectures["algebra"])
    assert found(api, lectures, watched="true") == "party"
    assert found(api, lectures, watched="false") == "algebra percent structures void"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"semester": "x"}, "invalid"),
        ({"semester": "987654321"}, "does_not_exist"),
        ({"school": "0"}, "does_not_exist"),
        ({"search": "가"}, "min_length"),
        ({"search": " 가 "}, "min_length"),
        ({"search": "\u3000"}, "blank"),
        ({"search": ""}, "blank"),
        ({"search": "가" * 101}, "max_length"),
        ({"search": "가\0나"}, "null_characters_not_allowed"),
        ({"professor": ""}, "blank"),
        ({"department": ""}, "blank"),
        ({"department": ["수학과", " "]}, "blank"),
        ({"department": [" ", "수학과"]}, "blank"),
        ({"category": "가" * 101}, "max_length"),
        ({"category": "\0"}, "null_characters_not_allowed"),
        ({"campus": ["가"] * 51}, "max_length"),
        ({"grade_year": "0"}, "out_of_range"),
        ({"grade_year": ["1", "7"]}, "out_of_range"),
        ({"grade_year": "1,2"}, "invalid"),
        ({"grade_year": "9" * 5000}, "invalid"),
        ({"grade_year": "１"}, "invalid"),
        ({"grade_year": ""}, "blank"),
        ({"credit": "three"}, "invalid"),
        ({"credit": "NaN"}, "invalid"),
        ({"credit": "sNaN"}, "invalid"),
        ({"credit": "Infinity"}, "invalid"),
        ({"credit": "-0.5"}, "out_of_range"),
        ({"credit": "1000"}, "out_of_range"),
        ({"credit": "1e999999"}, "out_of_range"),
        ({"credit": ["3", ""]}, "blank"),
        ({"is_cancelled": "1"}, "invalid"),
        ({"watched": "maybe"}, "invalid"),
        ({"ordering": "newest"}, "invalid_choice"),
        ({"ordering": "-saved"}, "invalid_choice"),
        ({"title": "자료"}, "unknown_parameter"),
        ({"department[]": "수학과"}, "unknown_parameter"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_understood_is_refused(api, query, code):
    answer = api.get(LECTURES, query)
    assert answer.status_code == 400
    assert codes(answer) == {(next(iter(query)), code)}


# --- Orderings ---
@pytest.fixture
def ordered(semester):
    """Named for their title; the numbers are saved, seats and rating."""

    def make(title, saved, seats, rating):
        course = CourseFactory(school=semester.school)
        Course.objects.filter(pk=course.pk).update(rating=rating)
        return make_lecture(semester, course=course, title=title, saved_count=saved, capacity=seats)

    rows = [("나", 5, 100, 0), ("가", 5, 5, 300), ("라", 0, None, 450), ("다", 9, 0, 300), ("마", 0, 10, 0)]
    return {row[0]: make(*row) for row in rows}


ORDERS = {
    None: "가 나 다 라 마",
    "title": "가 나 다 라 마",
    "saved": "다 가 나 마 라",
    "rating": "라 다 가 마 나",
    "competition": "가 나 마 다 라",
}


@pytest.mark.parametrize("ordering", ORDERS)
def test_lectures_are_ordered(api, ordered, ordering):
    query = {} if ordering is None else {"ordering": ordering}
    assert found(api, ordered, **query) == ORDERS[ordering]


@pytest.mark.parametrize("ordering", [name for name in ORDERS if name])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_show_each_lecture_once_both_ways(api, semester, ordered, ordering, size):
    twin = ordered["나"]
    ordered["나2"] = make_lecture(
        semester, course=twin.course, section="2", title=twin.title, saved_count=5, capacity=100
    )
    whole = found(api, ordered, ordering=ordering).split()
    forward = list(walk(api, f"{LECTURES}?ordering={ordering}&page_size={size}", "next"))
    names = {lecture.pk: name for name, lecture in ordered.items()}
    assert [names[row["id"]] for page in forward for row in page["results"]] == whole
    back = list(walk(api, forward[-1]["previous"], "previous"))[::-1]
    assert [page["results"] for page in back] == [page["results"] for page in forward[:-1]]


def walk(api, url, link):
    while url:
        page = api.get(url).json()
        yield page
        url = page[link]


def test_links_keep_repeated_filters(api, lectures):
    page = api.get(LECTURES, {"category": ["전필", "전선"], "page_size": 1}).json()
    query = parse_qs(urlsplit(page["next"]).query)
    assert query["category"] == ["전필", "전선"]
    assert [row["category"] for row in api.get(page["next"]).json()["results"]] == ["전선"]


@pytest.mark.parametrize("ordering", ["saved", "rating", "competition", "title"])
@pytest.mark.parametrize("key", ["가", "9" * 30, "", 2**63 - 1, -(2**63), 0])
def test_any_keys_in_a_cursor_give_a_page_or_are_refused(api, ordered, ordering, key):
    keys = {"saved": "-saved_count", "rating": "-rating", "competition": "-competition", "title": "title"}
    last = "id" if ordering == "title" else "-id"
    parts = [f"{keys[ordering]},{last}", 0, 0, key, 1]
    cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    answer = api.get(LECTURES, {"ordering": ordering, "cursor": cursor})
    assert answer.status_code in (200, 400), answer.content
    if answer.status_code == 400:
        assert codes(answer) == {("cursor", "invalid_cursor")}


# --- Costs ---
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"ordering": "rating"},
        {"search": "자료 구조", "weekday": 1, "starts_after": 0, "within": "1:0-1440"},
        {"watched": "true", "category": "전필", "grade_year": 1, "credit": 3, "professor": "김"},
    ],
    ids=str,
)
def test_a_list_costs_the_same_for_1_lecture_and_for_30(api, user, semester, count_queries, query):
    def make():
        lecture = make_lecture(semester, Meeting(1, 540, 600), category="전필", grade_year=2)
        LectureWatch.objects.create(user=user, lecture=lecture)

    def read():
        return api.get(LECTURES, {"page_size": 100} | query).json()["results"]

    make()
    assert len(read()) == 1
    one = count_queries(read)
    for _ in range(29):
        make()
    assert len(read()) == 30
    assert count_queries(read) == one <= 5
