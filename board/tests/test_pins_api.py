import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Board, PinnedBoard
from board.services.boards import MAX_PINS
from board.tests.factories import BoardFactory

pytestmark = pytest.mark.django_db

BOARDS = "/api/v1/boards/"
PINS = "/api/v1/boards/pins/"


@pytest.fixture
def boards(school):
    return BoardFactory.create_batch(4, school=school)


def pinned(api):
    rows = api.get(BOARDS, {"pinned": "true"}).json()["results"]
    assert all(row["is_pinned"] for row in rows)
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)
    return [row["id"] for row in rows]


def test_a_pin_goes_to_the_end_of_the_list(api, boards):
    for position, board in enumerate(reversed(boards)):
        answer = api.put(f"{BOARDS}{board.pk}/pin/")
        assert answer.status_code == 200
        assert answer.json() == {"is_pinned": True, "position": position}
    assert pinned(api) == [board.pk for board in reversed(boards)]
    row = api.get(f"{BOARDS}{boards[0].pk}/").json()
    assert (row["is_pinned"], row["position"]) == (True, 3)


def test_pinning_again_moves_nothing_and_unpinning_again_is_no_error(api, boards):
    for board in boards:
        api.put(f"{BOARDS}{board.pk}/pin/")
    assert api.put(f"{BOARDS}{boards[0].pk}/pin/").json() == {"is_pinned": True, "position": 0}
    assert PinnedBoard.objects.count() == 4
    for _ in range(2):
        answer = api.delete(f"{BOARDS}{boards[1].pk}/pin/")
        assert (answer.status_code, answer.json()) == (200, {"is_pinned": False, "position": None})
    assert pinned(api) == [boards[n].pk for n in (0, 2, 3)]
    # A gap is no tie: the next one goes behind the last.
    assert api.put(f"{BOARDS}{boards[1].pk}/pin/").json()["position"] == 4


def test_a_list_of_pins_replaces_the_one_before_in_its_order(api, boards):
    api.put(f"{BOARDS}{boards[0].pk}/pin/")
    order = [boards[n].pk for n in (3, 1, 2)]
    answer = api.put(PINS, {"boards": order})
    assert answer.status_code == 200
    assert [(row["id"], row["position"]) for row in answer.json()] == list(zip(order, range(3), strict=True))
    assert pinned(api) == order
    for _ in range(2):
        assert api.put(PINS, {"boards": order[::-1]}).status_code == 200
    assert pinned(api) == order[::-1]
    assert api.put(PINS, {"boards": []}).json() == []
    assert pinned(api) == []


def test_ones_list_is_ones_own(api, client_of, other, boards):
    api.put(PINS, {"boards": [boards[0].pk]})
    theirs = client_of(other)
    theirs.put(PINS, {"boards": [boards[1].pk]})
    assert (pinned(api), pinned(theirs)) == ([boards[0].pk], [boards[1].pk])
    assert theirs.get(f"{BOARDS}{boards[0].pk}/").json()["is_pinned"] is False


def test_a_board_twice_in_a_list_is_refused_and_changes_nothing(api, boards):
    api.put(PINS, {"boards": [boards[0].pk]})
    answer = api.put(PINS, {"boards": [boards[1].pk, boards[2].pk, boards[1].pk]})
    assert answer.status_code == 400
    assert {code for _attr, code in codes(answer)} == {"duplicate"}
    assert pinned(api) == [boards[0].pk]


@pytest.mark.parametrize("value", [True, "1", 1.5, None, [1], {"id": 1}, "x", 2**63, -1, 0])
def test_an_id_in_a_list_is_a_whole_number_that_is_there(api, boards, value):
    answer = api.put(PINS, {"boards": [boards[0].pk, value]})
    assert answer.status_code == 400, value
    assert {attr for attr, _code in codes(answer)} == {"boards.1"}


@pytest.mark.parametrize("body", [{}, {"boards": None}, {"boards": "1"}, {"boards": 1}, {"boards": {}}, []])
def test_a_list_of_pins_is_a_list(api, body):
    assert api.put(PINS, body).status_code == 400


def test_pins_are_read_from_both_sides(api, user, other, boards):
    board, second = boards[:2]
    api.put(PINS, {"boards": [second.pk, board.pk]})
    other.board_pins.create(board=board, position=0)
    assert set(user.pinned_boards.all()) == {board, second}
    assert set(board.pinned_by.all()) == {user, other}
    assert list(Board.objects.filter(pinned_by=other)) == [board]
    assert [pin.board for pin in user.board_pins.all()] == [second, board]


def test_an_unverified_user_pins(client_of, school, boards):
    api = client_of(UserFactory(school=school, school_verified_at=None))
    assert api.put(f"{BOARDS}{boards[0].pk}/pin/").status_code == 200
    assert api.put(PINS, {"boards": [boards[1].pk]}).status_code == 200
    assert api.delete(f"{BOARDS}{boards[1].pk}/pin/").status_code == 200


def test_a_hundred_boards_can_be_pinned_and_no_more(api, user, school, boards):
    many = BoardFactory.create_batch(MAX_PINS, school=school)
    assert api.put(PINS, {"boards": [board.pk for board in many]}).status_code == 200
    refused = api.put(f"{BOARDS}{boards[0].pk}/pin/")
    assert (refused.status_code, codes(refused)) == (409, {(None, "too_many_pins")})
    assert api.put(f"{BOARDS}{many[0].pk}/pin/").status_code == 200  # it is pinned already
    too_many = api.put(PINS, {"boards": [board.pk for board in [*many, boards[0]]]})
    assert codes(too_many) == {("boards", "max_length")}
    assert user.board_pins.count() == MAX_PINS


def test_a_board_that_was_deleted_takes_no_place_among_the_hundred(api, user, school, boards):
    many = BoardFactory.create_batch(MAX_PINS, school=school)
    api.put(PINS, {"boards": [board.pk for board in many]})
    Board.objects.filter(pk=many[0].pk).update(deleted_at=timezone.now())
    assert api.put(f"{BOARDS}{boards[0].pk}/pin/").status_code == 200
    assert many[0].pk not in pinned(api)


def test_pins_cost_the_same_however_many_boards(api, count_queries, school):
    many = [board.pk for board in BoardFactory.create_batch(30, school=school)]
    one = count_queries(lambda: api.put(PINS, {"boards": many[:1]}))
    assert count_queries(lambda: api.put(PINS, {"boards": many})) == one


def test_a_list_that_is_too_long_is_refused_before_its_items_are_looked_at(api):
    answer = api.put("/api/v1/boards/pins/", {"boards": [0.5] * 101})
    assert answer.status_code == 400
    assert [(error["attr"], error["code"]) for error in answer.json()["errors"]] == [("boards", "max_length")]
