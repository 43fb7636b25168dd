"""Who sees a post and a comment in which state: the table *Answers by state*."""

import pytest
from django.utils import timezone

from board.models import Board, Comment, Post
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.tests.factories import PostFactory, make_comment

pytestmark = pytest.mark.django_db

VIEWERS = ("author", "user", "manager", "moderator", "staff")


def enter(state, post, moderator):
    if state == "hidden":
        hide(user=moderator, content=post, reason="abuse")
    elif state == "deleted":
        Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    elif state == "board deleted":
        Board.objects.filter(pk=post.board_id).update(deleted_at=timezone.now())


# By state: who sees it in lists, and who by id, with its comments.
POSTS = {
    "living": (set(VIEWERS), set(VIEWERS)),
    "hidden": ({"author"}, {"author", "manager", "moderator", "staff"}),
    "deleted": (set(), set()),
    "board deleted": (set(), {"staff"}),
}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("state", POSTS)
def test_a_post_by_state_and_viewer(clients, people, post, state, viewer):
    comment = make_comment(post)
    reply = make_comment(post, parent=comment)
    enter(state, post, people["moderator"])
    api, (listed, seen) = clients[viewer], POSTS[state]

    results = api.get("/api/v1/posts/").json()["results"]
    assert [row["id"] for row in results] == ([post.pk] if viewer in listed else [])
    by_id = api.get(f"/api/v1/posts/{post.pk}/")
    assert by_id.status_code == (200 if viewer in seen else 404)
    if viewer in seen:
        assert by_id.json()["state"] == ("hidden" if state == "hidden" else "living")
    for path in (
        f"posts/{post.pk}/comments/",
        f"comments/{comment.pk}/",
        f"comments/{comment.pk}/replies/",
        f"comments/{reply.pk}/",
    ):
        assert api.get(f"/api/v1/{path}").status_code == (200 if viewer in seen else 404), path


@pytest.mark.parametrize("state", ["hidden", "deleted", "board deleted"])
def test_nothing_is_done_to_what_one_does_not_see(clients, people, post, state):
    comment = make_comment(post)
    enter(state, post, people["moderator"])
    for method, path in [
        ("put", f"posts/{post.pk}/like/"),
        ("put", f"posts/{post.pk}/scrap/"),
        ("post", f"posts/{post.pk}/comments/"),
        ("put", f"comments/{comment.pk}/like/"),
    ]:
        answer = getattr(clients["user"], method)(f"/api/v1/{path}", {"content": "댓글"})
        assert answer.status_code == 404, path


def test_the_comments_one_wrote_leave_ones_list_with_the_post(clients, people, post):
    make_comment(post, author=people["user"])
    assert len(clients["user"].get("/api/v1/comments/").json()["results"]) == 1
    enter("hidden", post, people["moderator"])
    assert clients["user"].get("/api/v1/comments/").json()["results"] == []


def test_staff_lists_leave_out_deleted_boards_but_staff_see_the_boards(clients, people, post, board):
    make_comment(post, author=people["staff"])
    enter("board deleted", post, people["moderator"])
    staff = clients["staff"]
    assert staff.get("/api/v1/posts/").json()["results"] == []
    assert staff.get("/api/v1/comments/").json()["results"] == []
    assert staff.get(f"/api/v1/posts/?board={board.pk}").json()["results"] == []
    (row,) = staff.get("/api/v1/boards/").json()["results"]
    assert (row["id"], row["is_deleted"], row["can_write"]) == (board.pk, True, False)
    refused = staff.post("/api/v1/posts/", {"board": board.pk, "title": "제목", "content": "내용"})
    assert refused.json()["errors"][0]["code"] == "does_not_exist"


# --- Comments ---
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_hidden_comment_is_seen_by_its_author_and_by_id_by_those_who_decide(clients, people, post, viewer):
    comment = make_comment(post, author=people["author"], content="숨길 글")
    hide(user=people["moderator"], content=comment, reason="abuse")
    by_id = clients[viewer].get(f"/api/v1/comments/{comment.pk}/")
    assert by_id.status_code == (404 if viewer == "user" else 200)
    if viewer != "user":
        assert (by_id.json()["state"], by_id.json()["content"]) == ("hidden", "숨길 글")

    (shown,) = clients[viewer].get(f"/api/v1/posts/{post.pk}/comments/").json()["results"]
    assert shown["state"] == "hidden"
    assert shown["content"] == ("숨길 글" if viewer == "author" else None)
    assert (shown["author"] is None) == (viewer != "author")
    assert shown["is_mine"] == (viewer == "author")


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_deleted_comment_is_gone_for_all_and_a_placeholder_where_it_has_replies(
    clients, people, post, viewer
):
    answered = make_comment(post, author=people["author"])
    reply = make_comment(post, parent=answered)
    leaf = make_comment(post, author=people["author"])
    delete_comment(comment=answered)
    delete_comment(comment=leaf)
    api = clients[viewer]
    assert api.get(f"/api/v1/comments/{answered.pk}/").status_code == 404
    assert api.get(f"/api/v1/comments/{leaf.pk}/").status_code == 404
    (shown,) = api.get(f"/api/v1/posts/{post.pk}/comments/").json()["results"]
    assert (shown["id"], shown["state"], shown["content"], shown["author"]) == (
        answered.pk,
        "deleted",
        None,
        None,
    )
    assert [row["id"] for row in shown["replies"]] == [reply.pk]
    replies = api.get(f"/api/v1/comments/{answered.pk}/replies/")
    assert [row["id"] for row in replies.json()["results"]] == [reply.pk]


def test_what_was_hidden_and_then_deleted_is_deleted_for_its_author_too(clients, people, post):
    comment = make_comment(post, author=people["author"])
    make_comment(post, parent=comment)
    Comment.objects.filter(pk=comment.pk).update(hidden_at=timezone.now(), deleted_at=timezone.now())
    (shown,) = clients["author"].get(f"/api/v1/posts/{post.pk}/comments/").json()["results"]
    assert (shown["state"], shown["content"]) == ("deleted", None)


# --- Boards for verified users ---
@pytest.fixture
def closed_post(board, other):
    Board.objects.filter(pk=board.pk).update(needs_verification=True)
    return PostFactory(board=Board.objects.get(pk=board.pk), author=other)


def test_an_unverified_user_sees_a_closed_board_but_none_of_its_posts(clients, people, closed_post):
    comment = make_comment(closed_post)
    make_comment(closed_post, parent=comment)
    api, board = clients["unverified"], closed_post.board
    assert [row["id"] for row in api.get("/api/v1/boards/").json()["results"]] == [board.pk]
    assert api.get(f"/api/v1/boards/{board.pk}/").status_code == 200
    assert api.get("/api/v1/posts/").json()["results"] == []
    for path in (
        f"posts/?board={board.pk}",
        f"posts/{closed_post.pk}/",
        f"posts/{closed_post.pk}/comments/",
        f"comments/{comment.pk}/",
        f"comments/{comment.pk}/replies/",
    ):
        refused = api.get(f"/api/v1/{path}")
        assert refused.status_code == 403, path
        assert refused.json()["errors"][0]["code"] == "verification_required"
    assert api.put(f"/api/v1/posts/{closed_post.pk}/scrap/").status_code == 403


def test_an_unverified_user_does_not_read_on_in_what_they_wrote_or_keep(clients, people, closed_post):
    """The board may have been closed, or the verification lost, after they wrote there."""
    unverified, api = people["unverified"], clients["unverified"]
    make_comment(closed_post, author=unverified)
    own = PostFactory(board=closed_post.board, author=unverified)
    unverified.scraps.create(post=closed_post)
    assert api.get("/api/v1/comments/").json()["results"] == []
    assert api.get("/api/v1/posts/?mine=true").json()["results"] == []
    assert api.get("/api/v1/posts/?scrapped=true").json()["results"] == []
    assert api.get(f"/api/v1/posts/{own.pk}/").status_code == 403


def test_verified_users_and_staff_read_a_closed_board(clients, closed_post):
    for viewer in ("user", "staff"):
        assert clients[viewer].get(f"/api/v1/posts/{closed_post.pk}/").status_code == 200
        assert len(clients[viewer].get(f"/api/v1/posts/?board={closed_post.board_id}").json()["results"]) == 1


def test_where_no_verification_is_asked_for_everybody_reads(clients, closed_post, settings):
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    assert clients["unverified"].get(f"/api/v1/posts/{closed_post.pk}/").status_code == 200
    assert len(clients["unverified"].get("/api/v1/posts/").json()["results"]) == 1
