"""What was right when a request began, and no longer is when it writes."""

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.exceptions import Frozen
from accounts.models import User
from accounts.tests.factories import SchoolFactory, UserFactory
from board.models import Board, Comment, Post
from board.services.boards import create_board
from board.services.comments import create_comment
from board.services.hiding import hide
from board.services.posts import create_post, delete_post
from board.tests.factories import BoardFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved():
    """A user as a request loaded them, who has moved to another school meanwhile."""
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    return user


def test_who_has_moved_writes_nothing_in_the_old_school(moved):
    board = BoardFactory(school=moved.school)
    post = PostFactory(board=board)
    with pytest.raises(Http404):
        create_post(user=moved, board=board, title="제목", content="내용")
    with pytest.raises(Http404):
        create_comment(user=moved, post=post, content="댓글")
    with pytest.raises(Http404):
        create_board(user=moved, category="general", name="잡담")


def test_nobody_comments_on_a_board_that_was_just_deleted(user):
    post = PostFactory(board__school=user.school)
    Board.objects.update(deleted_at=timezone.now())
    with pytest.raises(Frozen):
        create_comment(user=user, post=post, content="댓글")
    assert not Comment.objects.exists()


def test_what_was_just_deleted_can_not_be_hidden(user):
    post = PostFactory()
    Post.objects.update(deleted_at=timezone.now())
    with pytest.raises(Http404):
        hide(user=user, content=post, reason="spam")


def test_a_deleted_post_is_no_notice_whatever_was_loaded_before():
    post = PostFactory()
    Board.objects.filter(pk=post.board_id).update(notice=post)
    delete_post(post=post)
    assert Board.objects.get(pk=post.board_id).notice is None


def test_nobody_decides_about_their_own(client_of):
    board = BoardFactory()
    manager = UserFactory(school=board.school)
    Board.objects.update(manager=manager)
    post = PostFactory(board=board, author=manager)
    moderator = UserFactory(school=board.school, is_moderator=True)
    path = f"/api/v1/posts/{post.pk}/hide/"
    assert client_of(moderator).put(path, {"reason": "spam"}).status_code == 200
    for answer in (client_of(manager).delete(path), client_of(manager).put(path, {"reason": "spam"})):
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["code"] == "not_moderator"


def test_a_board_with_posts_can_not_begin_to_name_people(client_of):
    board = BoardFactory(anonymity="always", last_post_at=timezone.now())
    manager = UserFactory(school=board.school)
    Board.objects.update(manager=manager)
    client, path = client_of(manager), f"/api/v1/boards/{board.pk}/"
    assert client.patch(path, {"anonymity": "never"}).json()["errors"][0]["code"] == "anonymity_locked"
    assert client.patch(path, {"anonymity": "optional"}).status_code == 200
    Board.objects.update(last_post_at=None)
    assert client.patch(path, {"anonymity": "never"}).status_code == 200
    Board.objects.update(last_post_at=timezone.now())
    assert client.patch(path, {"anonymity": "never", "description": "그대로"}).status_code == 200
