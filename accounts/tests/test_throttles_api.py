import pytest

from api.tests.helpers import codes
from api.throttling import ActionThrottle

pytestmark = pytest.mark.django_db

CALLS = {
    "login": lambda client, **more: client.post(
        "/api/v1/auth/login/", {"username": "nobody", "password": "wrong-horse-7"}, **more
    ),
    "signup": lambda client, **more: client.post("/api/v1/auth/signup/", {}, **more),
    "availability": lambda client, **more: client.get(
        "/api/v1/auth/availability/", {"username": "minji"}, **more
    ),
}


@pytest.fixture(params=CALLS)
def call(request, monkeypatch):
    """A call that may be made twice a minute."""
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, request.param, "2/min")
    return CALLS[request.param]


def test_too_many_tries_are_told_when_to_come_back(anonymous, call):
    assert [call(anonymous).status_code == 429 for _try in range(3)] == [False, False, True]

    answer = call(anonymous)
    assert answer.json()["type"] == "client_error"
    assert codes(answer) == {(None, "throttled")}
    assert 0 < int(answer["Retry-After"]) <= 60


def test_one_address_does_not_use_up_anothers_tries(anonymous, call):
    for _try in range(3):
        call(anonymous)
    assert call(anonymous, REMOTE_ADDR="192.0.2.7").status_code != 429


def test_a_header_that_any_client_can_write_is_no_other_address(anonymous, call):
    for _try in range(2):
        call(anonymous)
    assert call(anonymous, HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 429


def test_what_names_no_rate_is_not_throttled(anonymous, call):
    for _try in range(3):
        call(anonymous)
    assert anonymous.get("/api/v1/schools/").status_code == 200
