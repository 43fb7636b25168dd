import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

AVAILABILITY = "/api/v1/auth/availability/"


@pytest.fixture(autouse=True)
def _taken():
    UserFactory(username="minji_kim", nickname="Minji")


@pytest.mark.parametrize(
    ("attr", "value", "available"),
    [
        ("username", "minji_lee", True),
        ("username", "minji_kim", False),
        ("username", "abc", False),
        ("username", "Minji_Lee", False),
        ("nickname", "민지", True),
        ("nickname", "mINJI", False),
        ("nickname", "ｍｉｎ ｊｉ", False),
        ("nickname", "익명3", False),
        ("nickname", "가", False),
        ("nickname", "가" * 11, False),
        ("nickname", "민\u200b지", False),
        ("nickname", "민\0지", False),
    ],
)
def test_a_name_is_available_when_it_is_allowed_and_nobodys(anonymous, attr, value, available):
    answer = anonymous.get(AVAILABILITY, {attr: value})
    assert answer.status_code == 200
    assert answer.json() == {"available": available}


def test_email_addresses_are_never_told(anonymous):
    answer = anonymous.get(AVAILABILITY, {"email": "minji@example.com"})
    assert answer.status_code == 400
    assert codes(answer) == {("email", "unknown_parameter")}


@pytest.mark.parametrize("query", [{}, {"username": ""}, {"username": "minji", "nickname": "minji"}])
def test_exactly_one_name_is_asked_for(anonymous, query):
    assert anonymous.get(AVAILABILITY, query).status_code == 400
