"""The latest post on each pinned board."""

from datetime import UTC, datetime

import pytest

from board.models import Board
from board.services.boards import pin_board
from board.tests.factories import BoardFactory, PostFactory
from board.tests.helpers import block

pytestmark = pytest.mark.django_db

PINNED = "/api/v1/boards/?pinned=true"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _pinned(user, board):
    pin_board(user=user, board=board)


def latest(client) -> list[int | None]:
    """The id of the latest post of each board on the list."""
    return [row["latest_post"] and row["latest_post"]["id"] for row in client.get(PINNED).json()["results"]]


def test_each_pinned_board_has_its_own_latest_post(api, user, board, school):
    second, silent = BoardFactory.create_batch(2, school=school)
    for pinned in (second, silent):
        pin_board(user=user, board=pinned)
    PostFactory(board=board)
    newest = PostFactory(board=board, is_anonymous=True)
    other = PostFactory(board=second)
    PostFactory(board=BoardFactory(school=school))
    assert latest(api) == [newest.pk, other.pk, None]


def test_it_has_id_title_and_time_and_no_author(api, anonymous_post):
    (board,) = api.get(PINNED).json()["results"]
    assert board["latest_post"] == {
        "id": anonymous_post.pk,
        "title": anonymous_post.title,
        "created_at": api.get(f"/api/v1/posts/{anonymous_post.pk}/").json()["created_at"],
    }


def test_other_answers_about_boards_have_none(api, board, post):
    rows = [
        api.get(f"/api/v1/boards/{board.pk}/").json(),
        api.get("/api/v1/boards/").json()["results"][0],
        api.get("/api/v1/boards/?pinned=false&offered=false").json(),
        api.put("/api/v1/boards/pins/", {"boards": [board.pk]}).json()[0],
    ]
    assert [row.get("latest_post") for row in rows] == [None] * 4


@pytest.mark.parametrize("gone", ["hidden_at", "deleted_at"])
def test_what_is_out_of_sight_gives_way_to_what_came_before(api, board, post, gone):
    PostFactory(board=board, **{gone: NOW})
    assert latest(api) == [post.pk]


def test_one_s_own_hidden_post_is_there_as_in_the_list(api, user, board, post):
    hidden = PostFactory(board=board, author=user, hidden_at=NOW)
    assert latest(api) == [hidden.pk]


def test_what_one_blocks_gives_way_and_only_for_who_blocks(client_of, api, user, manager, board, post):
    blocked, anonymous = PostFactory(board=board), PostFactory(board=board, is_anonymous=True)
    pin_board(user=manager, board=board)
    block(api, user=blocked.author_id)
    block(api, post=anonymous.pk)
    assert latest(api) == [post.pk]
    assert latest(client_of(manager)) == [anonymous.pk]


def test_who_may_not_read_a_board_sees_no_title(client_of, user, board, post):
    Board.objects.update(needs_verification=True)
    assert latest(client_of(user)) == [post.pk]
    user.school_verified_at = None
    user.save()
    assert latest(client_of(user)) == [None]


def test_a_deleted_board_shows_staff_none(client_of, people, board, post):
    pin_board(user=people["staff"], board=board)
    staff = client_of(people["staff"])
    assert latest(staff) == [post.pk]
    Board.objects.filter(pk=board.pk).update(deleted_at=NOW)
    assert latest(staff) == [None]


def test_a_hundred_boards_take_two_queries_more(api, user, board, school, count_queries):
    for number in range(99):
        pinned = BoardFactory(school=school)
        user.board_pins.create(board=pinned, position=number + 1)
        PostFactory.create_batch(2, board=pinned, author=user)
    api.get(PINNED)
    plain = count_queries(lambda: api.get("/api/v1/boards/?page_size=100"))
    assert count_queries(lambda: api.get(f"{PINNED}&page_size=100")) == plain + 2
