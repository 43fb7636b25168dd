"""Another school's rows do not exist: the answer is that of an id that was never given, byte for byte."""

from typing import Any

import pytest

from accounts.tests.factories import SchoolFactory, StaffFactory
from board.models import Board, Comment, Post
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db

MISSING = 987_654_321


@pytest.fixture
def theirs() -> dict[str, int]:
    """Ids of another school."""
    school = SchoolFactory()
    board = BoardFactory(school=school)
    post = PostFactory(board=board)
    comment = make_comment(post)
    make_comment(post, parent=comment)
    return {"school": school.pk, "board": board.pk, "post": post.pk, "comment": comment.pk}


def assert_same_answer(theirs: Any, missing: Any, status: int) -> None:
    assert theirs.status_code == missing.status_code == status, theirs.content
    assert theirs.content == missing.content


PATHS = [
    ("board", "boards/{}/", ("get", "patch", "delete")),
    ("board", "boards/{}/pin/", ("put", "delete")),
    ("board", "boards/{}/notice/", ("put", "delete")),
    ("post", "posts/{}/", ("get", "patch", "delete")),
    ("post", "posts/{}/like/", ("put", "delete")),
    ("post", "posts/{}/scrap/", ("put", "delete")),
    ("post", "posts/{}/hide/", ("put", "delete")),
    ("post", "posts/{}/comments/", ("get", "post")),
    ("comment", "comments/{}/", ("get", "patch", "delete")),
    ("comment", "comments/{}/like/", ("put", "delete")),
    ("comment", "comments/{}/hide/", ("put", "delete")),
    ("comment", "comments/{}/replies/", ("get",)),
]


@pytest.mark.parametrize(
    ("kind", "path", "method"),
    [pytest.param(kind, path, method, id=f"{method} {path}") for kind, path, ms in PATHS for method in ms],
)
def test_a_path_of_another_school_is_not_there(api, theirs, kind, path, method):
    body = {"reason": "spam", "content": "글", "title": "글", "name": "글", "post": theirs["post"]}

    def call(pk: int) -> Any:
        return getattr(api, method)(f"/api/v1/{path.format(pk)}", body if method != "get" else None)

    assert_same_answer(call(theirs[kind]), call(MISSING), 404)


def test_a_path_id_greater_than_any_row_has_is_not_there(api):
    for path in ("boards", "posts", "comments"):
        assert api.get(f"/api/v1/{path}/{10**25}/").status_code == 404


def test_a_post_can_not_be_written_to_a_board_of_another_school(api, theirs):
    def write(board: int) -> Any:
        return api.post("/api/v1/posts/", {"board": board, "title": "제목", "content": "내용"})

    assert_same_answer(write(theirs["board"]), write(MISSING), 400)
    assert_same_answer(write(theirs["board"]), write(2**63), 400)
    error = write(MISSING).json()["errors"][0]
    assert (error["code"], error["attr"]) == ("does_not_exist", "board")
    assert Post.objects.count() == 1


def test_a_reply_can_not_hang_on_a_comment_of_another_school_or_post(api, post, theirs):
    def reply(parent: int) -> Any:
        return api.post(f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글", "parent": parent})

    missing = reply(MISSING)
    assert_same_answer(reply(theirs["comment"]), missing, 400)
    elsewhere = make_comment(PostFactory(board=post.board))
    assert_same_answer(reply(elsewhere.pk), missing, 400)
    deleted = make_comment(post)
    Comment.objects.filter(pk=deleted.pk).update(deleted_at=deleted.created_at)
    assert_same_answer(reply(deleted.pk), missing, 400)
    hidden = make_comment(post)
    Comment.objects.filter(pk=hidden.pk).update(hidden_at=hidden.created_at)
    assert_same_answer(reply(hidden.pk), missing, 400)
    assert missing.json()["errors"][0]["code"] == "does_not_exist"


def test_a_post_of_another_school_is_no_notice(api, board, user, theirs):
    Board.objects.filter(pk=board.pk).update(manager=user)

    def put(post: int) -> Any:
        return api.put(f"/api/v1/boards/{board.pk}/notice/", {"post": post})

    assert_same_answer(put(theirs["post"]), put(MISSING), 400)
    assert put(MISSING).json()["errors"][0]["code"] == "does_not_exist"


def test_a_board_of_another_school_can_not_be_pinned_in_a_list(api, board, user, theirs):
    def put(pk: int) -> Any:
        return api.put("/api/v1/boards/pins/", {"boards": [board.pk, pk]})

    assert_same_answer(put(theirs["board"]), put(MISSING), 400)
    assert put(MISSING).json()["errors"][0]["code"] == "does_not_exist"
    assert not user.pinned_boards.exists()


@pytest.mark.parametrize(
    ("path", "parameter"), [("posts", "board"), ("posts", "school"), ("boards", "school")]
)
def test_a_filter_by_another_schools_id_says_that_there_is_none(api, theirs, path, parameter):
    def get(pk: int) -> Any:
        return api.get(f"/api/v1/{path}/", {parameter: pk})

    assert_same_answer(get(theirs[parameter]), get(MISSING), 400)
    error = get(MISSING).json()["errors"][0]
    assert (error["code"], error["attr"]) == ("does_not_exist", parameter)


def test_lists_hold_nothing_of_another_school(api, user, board, post, theirs):
    # Not even what one wrote or pinned there before.
    Post.objects.filter(pk=theirs["post"]).update(author=user)
    Comment.objects.filter(pk=theirs["comment"]).update(author=user)
    user.board_pins.create(board_id=theirs["board"], position=0)
    mine = make_comment(post, author=user)

    def ids(path: str) -> list[int]:
        return [row["id"] for row in api.get(f"/api/v1/{path}").json()["results"]]

    assert ids("boards/") == [board.pk]
    assert ids("boards/?pinned=true") == []
    assert ids("posts/") == [post.pk]
    assert ids("posts/?mine=true") == []
    assert ids("posts/?search=제목") == [post.pk]
    assert ids("comments/") == [mine.pk]


def test_staff_see_every_school_and_can_choose_one(client_of, board, post, theirs):
    staff = client_of(StaffFactory())

    def ids(path: str) -> list[int]:
        return [row["id"] for row in staff.get(f"/api/v1/{path}").json()["results"]]

    assert set(ids("boards/")) == {board.pk, theirs["board"]}
    assert set(ids("posts/")) == {post.pk, theirs["post"]}
    assert ids(f"boards/?school={board.school_id}") == [board.pk]
    assert ids(f"posts/?school={theirs['school']}") == [theirs["post"]]
    assert ids(f"posts/?board={theirs['board']}") == [theirs["post"]]


def test_one_may_name_the_own_school(api, school, board, post):
    assert [row["id"] for row in api.get(f"/api/v1/boards/?school={school.pk}").json()["results"]] == [
        board.pk
    ]
    assert [row["id"] for row in api.get(f"/api/v1/posts/?school={school.pk}").json()["results"]] == [post.pk]
