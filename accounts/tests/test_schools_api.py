import unicodedata

import pytest

from accounts.models import EmailDomain
from accounts.tests.factories import SchoolFactory
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

SCHOOLS = "/api/v1/schools/"


@pytest.fixture
def names(anonymous):
    """`names(search="…")`: the names a list answers with."""
    return lambda **query: [school["name"] for school in anonymous.get(SCHOOLS, query).json()["results"]]


@pytest.fixture
def _schools(db):
    SchoolFactory(name="홍익대학교", region="서울특별시")
    SchoolFactory(name="KAIST", region="대전광역시")
    SchoolFactory(name="서울 과학기술대학교", region="서울특별시")
    SchoolFactory(name="사라진대학교", region="서울특별시", is_active=False)


def test_a_school_is_public_and_names_its_email_domains(anonymous):
    school = SchoolFactory(name="홍익대학교", region="서울특별시")
    school.email_domains.add(EmailDomain.objects.create(domain="mail.hongik.ac.kr"))
    expected = {
        "id": school.pk,
        "name": "홍익대학교",
        "region": "서울특별시",
        "email_domains": ["mail.hongik.ac.kr"],
    }

    assert anonymous.get(f"{SCHOOLS}{school.pk}/").json() == expected
    assert anonymous.get(SCHOOLS).json() == {"next": None, "previous": None, "results": [expected]}


@pytest.mark.usefixtures("_schools")
def test_the_list_goes_by_name_and_leaves_closed_schools_out(names):
    assert names() == ["KAIST", "서울 과학기술대학교", "홍익대학교"]


def test_a_closed_school_is_not_found(anonymous):
    school = SchoolFactory(is_active=False)
    assert anonymous.get(f"{SCHOOLS}{school.pk}/").status_code == 404


@pytest.mark.usefixtures("_schools")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("홍익", ["홍익대학교"]),
        (unicodedata.normalize("NFD", "홍익"), ["홍익대학교"]),
        ("홍익 대학교", ["홍익대학교"]),
        ("서울과학", ["서울 과학기술대학교"]),
        ("대학교", ["서울 과학기술대학교", "홍익대학교"]),
        ("kais", ["KAIST"]),
        ("KAIS", ["KAIST"]),
        ("ＫＡＩＳＴ", ["KAIST"]),
        ("사라진", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_search_finds_a_part_of_the_name_however_it_is_typed(names, search, found):
    assert names(search=search) == found


@pytest.mark.usefixtures("_schools")
def test_a_region_narrows_the_list(names):
    assert names(region="대전광역시") == ["KAIST"]
    assert names(region="서울특별시", search="홍익") == ["홍익대학교"]
    assert names(region="제주특별자치도") == []


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"serach": "홍익"}, ("serach", "unknown_parameter")),
        ({"ordering": "name"}, ("ordering", "unknown_parameter")),
        ({"page": "2"}, ("page", "unknown_parameter")),
        ({"search": ""}, ("search", "blank")),
        ({"region": " "}, ("region", "blank")),
        ({"search": "가" * 101}, ("search", "max_length")),
        ({"search": "홍\0익"}, ("search", "null_characters_not_allowed")),
        ({"page_size": "0"}, ("page_size", "out_of_range")),
        ({"page_size": "101"}, ("page_size", "out_of_range")),
        ({"page_size": "many"}, ("page_size", "invalid")),
        ({"cursor": "garbage"}, ("cursor", "invalid_cursor")),
    ],
)
def test_a_parameter_that_is_not_understood_is_refused(anonymous, query, refused):
    answer = anonymous.get(SCHOOLS, query)
    assert answer.status_code == 400
    assert codes(answer) == {refused}


def test_a_school_takes_no_parameters(anonymous):
    answer = anonymous.get(f"{SCHOOLS}{SchoolFactory().pk}/", {"search": "홍익"})
    assert codes(answer) == {("search", "unknown_parameter")}


def test_pages_lead_there_and_back(anonymous):
    for number in range(5):
        SchoolFactory(name=f"마당대학교 {number}")
    there, link = [], f"{SCHOOLS}?page_size=2"
    while link:
        page = anonymous.get(link).json()
        there.append(page["results"])
        link = page["next"]
    back, link = [page["results"]], page["previous"]
    while link:
        page = anonymous.get(link).json()
        back.append(page["results"])
        link = page["previous"]

    assert [len(rows) for rows in there] == [2, 2, 1]
    assert [school["name"][-1] for rows in there for school in rows] == list("01234")
    assert back == there[::-1]


def test_thirty_schools_cost_the_queries_of_one(anonymous, count_queries):
    def school_with_domains():
        domains = [
            EmailDomain.objects.create(domain=f"{part}{EmailDomain.objects.count()}.ac.kr") for part in "ab"
        ]
        SchoolFactory().email_domains.set(domains)

    school_with_domains()
    one = count_queries(lambda: anonymous.get(SCHOOLS))
    for _number in range(29):
        school_with_domains()
    assert len(anonymous.get(SCHOOLS, {"page_size": 100}).json()["results"]) == 30
    assert count_queries(lambda: anonymous.get(SCHOOLS, {"page_size": 100})) == one


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_schools_are_read_only(api, method):
    assert getattr(api, method)(SCHOOLS).status_code == 405
