"""What is written elsewhere is read at once, in the same process: nothing is kept from request to request."""

import pytest
from django.utils import timezone

from accounts.models import User
from board.models import Board, Comment, Post
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(post, user):
    top = make_comment(post, author=user)
    make_comment(post, parent=top)
    return top


@pytest.fixture
def paths(user, board, post, comment):
    user.board_pins.create(board=board, position=0)
    return {
        "boards": "/api/v1/boards/",
        "filtered boards": f"/api/v1/boards/?school={board.school_id}",
        "pins": "/api/v1/boards/?pinned=true",
        "board": f"/api/v1/boards/{board.pk}/",
        "posts": "/api/v1/posts/",
        "likes": "/api/v1/posts/?ordering=likes",
        "posts of a board": f"/api/v1/posts/?board={board.pk}",
        "post": f"/api/v1/posts/{post.pk}/",
        "thread": f"/api/v1/posts/{post.pk}/comments/",
        "comments": "/api/v1/comments/",
        "comment": f"/api/v1/comments/{comment.pk}/",
        "replies": f"/api/v1/comments/{comment.pk}/replies/",
    }


def add_board(user, **_rows):
    BoardFactory(school=user.school)


def pin_board(user, **_rows):
    user.board_pins.create(board=BoardFactory(school=user.school), position=1)


def add_post(board, **_rows):
    PostFactory(board=board)


def add_comment(post, user, **_rows):
    make_comment(post, author=user)


def add_reply(post, comment, **_rows):
    make_comment(post, parent=comment)


def rename_board(board, **_rows):
    Board.objects.filter(pk=board.pk).update(name="새 이름")


def rename_author(post, **_rows):
    User.objects.filter(pk=post.author_id).update(nickname="새별명")


def edit_post(post, **_rows):
    Post.objects.filter(pk=post.pk).update(title="새 제목")


def edit_comments(post, **_rows):
    Comment.objects.filter(post=post).update(content="새 댓글")


def like_post(post, user, **_rows):
    user.post_likes.create(post=post)


def delete_board(board, **_rows):
    Board.objects.filter(pk=board.pk).update(deleted_at=timezone.now())


OF_POSTS = {"posts", "likes", "posts of a board", "post"}
OF_COMMENTS = {"thread", "comments", "comment", "replies"}


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (add_board, {"boards", "filtered boards"}),
        (pin_board, {"boards", "filtered boards", "pins"}),
        (add_post, OF_POSTS - {"post"} | {"pins"}),
        (add_comment, OF_POSTS | {"thread", "comments"}),
        (add_reply, OF_POSTS | OF_COMMENTS),
        (rename_board, {"boards", "filtered boards", "pins", "board"} | OF_POSTS),
        (rename_author, OF_POSTS),
        (edit_post, OF_POSTS | {"pins", "comments", "comment"}),
        (edit_comments, OF_COMMENTS),
        (like_post, OF_POSTS),
        (delete_board, {"boards", "filtered boards", "pins", "board"} | OF_POSTS | OF_COMMENTS),
    ],
)
def test_every_list_and_detail_shows_a_change_at_once(
    api, user, board, post, comment, paths, change, changed
):
    # Twice before the change, so that whatever could be kept is kept.
    before = {name: api.get(path).content for name, path in paths.items() for _ in range(2)}
    change(user=user, board=board, post=post, comment=comment)
    after = {name: api.get(path).content for name, path in paths.items()}
    assert {name for name in paths if after[name] != before[name]} == changed


def test_a_change_of_who_one_is_counts_from_the_next_request(api, user, board, post):
    Board.objects.filter(pk=board.pk).update(needs_verification=True)
    assert api.get(f"/api/v1/posts/{post.pk}/").status_code == 200
    User.objects.filter(pk=user.pk).update(school_verified_at=None)
    assert api.get(f"/api/v1/posts/{post.pk}/").status_code == 403
    assert api.get(f"/api/v1/boards/{board.pk}/").json()["can_write"] is False
