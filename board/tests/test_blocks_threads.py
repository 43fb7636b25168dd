"""What is blocked is a placeholder in its thread, and what others wrote below it stays."""

import pytest

from accounts.tests.factories import UserFactory
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import block, lift

pytestmark = pytest.mark.django_db


def thread(client, post):
    return client.get(f"/api/v1/posts/{post.pk}/comments/").json()["results"]


def states(client, post):
    """The state of each comment of a post, by id, replies too."""
    found, waiting = {}, thread(client, post)
    while waiting:
        row = waiting.pop()
        found[row["id"]] = row["state"]
        waiting += row["replies"]
    return found


def blocked(client, *posts):
    """The ids of the comments that are placeholders for a block."""
    return {pk for post in posts for pk, state in states(client, post).items() if state == "blocked"}


@pytest.fixture
def crowded(board, other):
    """An anonymous post of `other`, with `other`'s comments: named, and two under the label 0."""
    post = PostFactory(board=board, author=other, is_anonymous=True)
    made = [make_comment(post, author=other, is_anonymous=anonymous) for anonymous in (False, True, True)]
    return post, made


def test_a_placeholder_says_that_it_is_blocked_and_nothing_of_the_comment(api, other, school, board):
    post = PostFactory(board=board)
    top = make_comment(post, author=other)
    reply = make_comment(post, author=UserFactory(school=school), parent=top)
    below = make_comment(post, author=other, parent=reply)
    last = make_comment(post, author=UserFactory(school=school), parent=below)
    api.put(f"/api/v1/comments/{top.pk}/like/")
    (before,) = thread(api, post)

    made = block(api, comment=top.pk)
    (row,) = thread(api, post)
    assert {**row, "replies": None} == {
        "id": top.pk,
        "parent": None,
        "depth": 0,
        "author": None,
        "content": None,
        "is_anonymous": None,
        "like_count": 0,
        "reply_count": 1,
        "state": "blocked",
        "is_mine": False,
        "is_liked": False,
        "created_at": before["created_at"],
        "edited_at": None,
        "replies": None,
        "replies_next": None,
    }
    (seen,) = row["replies"]
    assert {**seen, "replies": None} == {**before["replies"][0], "replies": None}
    assert [seen["replies"][0][name] for name in ("id", "parent", "state")] == [below.pk, reply.pk, "blocked"]
    assert seen["replies"][0]["replies"][0]["content"] == last.content
    lift(api, made)
    assert thread(api, post) == [before]


def test_the_pages_of_replies_have_the_same_placeholders(api, other, post):
    top = make_comment(post)
    mine, theirs = make_comment(post, parent=top), make_comment(post, parent=top, author=other)
    make_comment(post, parent=mine, author=other)
    block(api, user=other.pk)
    rows = api.get(f"/api/v1/comments/{top.pk}/replies/").json()["results"]
    assert [row["state"] for row in rows] == ["living", "blocked"]
    assert rows[0]["replies"][0]["state"] == "blocked"
    assert (rows[1]["id"], rows[1]["content"]) == (theirs.pk, None)
    assert api.get(f"/api/v1/comments/{theirs.pk}/replies/").status_code == 200


def test_a_name_covers_named_comments_alone(api, other, crowded, board):
    post, (named, *_labelled) = crowded
    elsewhere = PostFactory(board=board)
    second = make_comment(elsewhere, author=other)
    make_comment(elsewhere, author=other, is_anonymous=True)
    block(api, comment=named.pk)
    assert blocked(api, post, elsewhere) == {named.pk, second.pk}


@pytest.mark.parametrize("through", ["post", "comment"])
def test_the_label_of_the_posts_author_covers_their_anonymous_comments_there(
    api, other, crowded, board, through
):
    post, (_named, *labelled) = crowded
    second = PostFactory(board=board, author=other, is_anonymous=True)
    make_comment(second, author=other, is_anonymous=True)
    block(api, **{through: post.pk if through == "post" else labelled[0].pk})
    assert blocked(api, post, second) == {comment.pk for comment in labelled}
    assert [row["id"] for row in api.get("/api/v1/posts/").json()["results"]] == [second.pk]


def test_a_number_covers_that_number_in_that_post(api, other, school, board):
    """`other` is 익명1 in the first post and 익명2 in the second, where somebody else is 익명1."""
    first, second = PostFactory(board=board), PostFactory(board=board)
    covered = [make_comment(first, author=other, is_anonymous=True) for _ in range(2)]
    make_comment(first, author=UserFactory(school=school), is_anonymous=True)
    make_comment(first, author=other)
    make_comment(second, author=UserFactory(school=school), is_anonymous=True)
    make_comment(second, author=other, is_anonymous=True)
    block(api, comment=covered[0].pk)
    assert blocked(api, first, second) == {comment.pk for comment in covered}
    assert first.pk in [row["id"] for row in api.get("/api/v1/posts/").json()["results"]]


def test_what_is_blocked_is_there_by_id_and_can_be_answered(api, other, post):
    comment = make_comment(post, author=other)
    before = api.get(f"/api/v1/comments/{comment.pk}/").content
    block(api, user=other.pk)
    assert api.get(f"/api/v1/comments/{comment.pk}/").content == before
    path = f"/api/v1/posts/{post.pk}/comments/"
    assert api.post(path, {"content": "답", "parent": comment.pk}).status_code == 201
    (row,) = thread(api, post)
    assert (row["state"], row["replies"][0]["is_mine"]) == ("blocked", True)


def test_what_is_deleted_or_hidden_is_that_whoever_is_blocked(api, other, manager, post):
    deleted, hidden = make_comment(post, author=other), make_comment(post, author=other)
    make_comment(post, parent=deleted)
    before = thread(api, post)
    delete_comment(comment=deleted)
    hide(user=manager, content=hidden, reason="spam")
    gone = thread(api, post)
    assert gone != before
    block(api, user=other.pk)
    assert thread(api, post) == gone


@pytest.mark.parametrize("role", ["manager", "moderator", "staff"])
def test_those_who_decide_read_what_they_block(clients, crowded, role):
    post, (named, *labelled) = crowded
    for comment in (named, labelled[0]):
        block(clients[role], comment=comment.pk)
    assert set(states(clients[role], post).values()) == {"living"}


def test_a_manager_of_another_board_is_a_reader(clients, people, school):
    post = PostFactory(board__school=school)
    comment = make_comment(post, author=people["author"])
    block(clients["manager"], comment=comment.pk)
    assert blocked(clients["manager"], post) == {comment.pk}
