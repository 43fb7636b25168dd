"""Requests that were let in a moment before something changed."""

import threading

import pytest
from django.db import connections, transaction
from rest_framework.exceptions import ValidationError

from accounts.models import Sanction, User
from accounts.permissions import MayWrite
from accounts.services.blocks import block_user
from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Board
from board.permissions import ManagesBoard
from board.services.conversations import begin_conversation
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.moderation import give
from conftest import Client

WRITES = {
    "post": lambda api, theirs, mine: api.post(
        "/api/v1/posts/", {"board": theirs.board_id, "title": "뒤늦게", "content": "뒤늦게"}
    ),
    "comment": lambda api, theirs, mine: api.post(
        f"/api/v1/posts/{theirs.pk}/comments/", {"content": "늦게"}
    ),
    "message": lambda api, theirs, mine: api.post(
        "/api/v1/messages/", {"post": theirs.pk, "content": "늦게"}
    ),
    "like": lambda api, theirs, mine: api.put(f"/api/v1/posts/{theirs.pk}/like/"),
    "edit": lambda api, theirs, mine: api.patch(f"/api/v1/posts/{mine.pk}/", {"title": "새 제목"}),
    "board": lambda api, theirs, mine: api.post("/api/v1/boards/", {"category": "club", "name": "새 게시판"}),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.django_db
def test_nothing_is_written_once_a_sanction_has_answered(monkeypatch, author, moderator, write):
    """The sanction comes between the check of permissions and the write."""
    board = BoardFactory(school=author.school)
    theirs, mine = PostFactory(board=board), PostFactory(board=board, author=author, is_anonymous=True)
    # One has begun already, so that the message goes on with it.
    begin_conversation(user=author, origin=theirs, content="안녕하세요")
    permitted = MayWrite.check

    def check(self, user, obj=None):
        permitted(self, user, obj)
        if obj is None and user == author:
            assert give(Client(moderator), mine).status_code == 201

    monkeypatch.setattr(MayWrite, "check", check)
    answer = WRITES[write](Client(author), theirs, mine)
    assert (answer.status_code, codes(answer)) == (403, {(None, "sanctioned")})


@pytest.mark.server
@pytest.mark.parametrize("kind", Sanction.Kind.values)
@pytest.mark.django_db(transaction=True)
def test_a_write_that_waits_for_a_lock_does_not_land_after_a_sanction(kind):
    author = UserFactory()
    board = BoardFactory(school=author.school)
    mine = PostFactory(board=board, author=author, is_anonymous=True)
    moderator, api = Client(UserFactory(school=author.school, is_moderator=True)), Client(author)
    wrote = []

    def post():
        answer = api.post("/api/v1/posts/", {"board": board.pk, "title": "뒤늦게", "content": "뒤늦게"})
        wrote.append(answer.status_code)
        connections.close_all()

    with transaction.atomic():
        Board.objects.select_for_update().get(pk=board.pk)
        writing = threading.Thread(target=post)
        writing.start()
        writing.join(1)  # it waits for the board
        assert give(moderator, mine, kind=kind).status_code == 201
    writing.join(20)
    assert wrote == [403]


@pytest.mark.django_db
def test_somebody_who_left_a_moment_ago_is_not_blocked(user, author):
    gone = User.objects.get(pk=author.pk)
    author.delete()
    with pytest.raises(ValidationError) as refused:
        block_user(user=user, blocked=gone)
    assert refused.value.get_codes() == {"user": ["does_not_exist"]}


@pytest.mark.django_db
def test_what_a_manager_hid_by_hand_is_no_report_s_when_the_manager_has_left(client_of, author):
    manager, heir = UserFactory.create_batch(2, school=author.school)
    comment = make_comment(PostFactory(board__school=author.school, board__manager=manager), author=author)
    assert (
        client_of(UserFactory(school=author.school))
        .post("/api/v1/reports/", {"target_kind": "comment", "target_id": comment.pk, "reason": "spam"})
        .status_code
        == 201
    )
    path = f"/api/v1/comments/{comment.pk}/hide/"
    assert client_of(manager).put(path, {"reason": "spam"}).status_code == 200
    manager.delete()
    Board.objects.update(manager=heir)
    assert client_of(heir).delete(path).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda api, board, post: api.patch(f"/api/v1/boards/{board.pk}/", {"description": "내 게시판"}),
        lambda api, board, post: api.put(f"/api/v1/boards/{board.pk}/notice/", {"post": post.pk}),
        lambda api, board, post: api.delete(f"/api/v1/boards/{board.pk}/notice/"),
        lambda api, board, post: api.delete(f"/api/v1/boards/{board.pk}/"),
    ],
    ids=["change", "notice", "no notice", "delete"],
)
@pytest.mark.django_db
def test_who_handed_a_board_over_changes_it_no_more(monkeypatch, manager, board, author, change):
    """Somebody else accepts between the check of permissions and the change."""
    post, api = PostFactory(board=board), Client(manager)
    permitted = ManagesBoard.check

    def check(self, user, obj=None):
        permitted(self, user, obj)
        if obj is not None:  # the board has been read by now
            Board.objects.update(manager=author)

    monkeypatch.setattr(ManagesBoard, "check", check)
    answer = change(api, board, post)
    assert (answer.status_code, codes(answer)) == (403, {(None, "not_manager")})
