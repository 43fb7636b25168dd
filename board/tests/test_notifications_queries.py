"""What a page of notifications and their count cost."""

import pytest
from django.test import TestCase

from accounts.services.cases import dismiss, uphold
from accounts.services.reports import report
from accounts.tests.factories import UserFactory
from board.services.conversations import begin_conversation
from board.services.handover import offer_board
from board.services.likes import like
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.notifications import NOTIFICATIONS, notifications, unread

pytestmark = pytest.mark.django_db


def one_of_each(user, moderator):
    """Something new of every kind, each at a target of its own, from two people."""
    board = BoardFactory(school=user.school, manager=UserFactory(school=user.school))
    post = PostFactory(board=board, author=user)
    theirs = PostFactory(board=board)
    mine = make_comment(theirs, author=user)
    for anonymous in (True, False):
        make_comment(post, is_anonymous=anonymous)
        make_comment(theirs, parent=mine, is_anonymous=anonymous)
    begin_conversation(user=UserFactory(school=user.school), origin=post, content="쪽지")
    like(user=UserFactory(school=user.school), content=post, wanted=True)
    offer_board(user=board.manager, board=board, to=user)
    judge(user, theirs, moderator, dismiss)
    judge(UserFactory(school=user.school), PostFactory(board=board, author=user), moderator, uphold)


def judge(reporter, post, moderator, decide):
    case = report(user=reporter, target_kind="post", target_id=post.pk, reason="spam").case
    decide(user=moderator, case=case, note="판단")


@pytest.mark.parametrize("role", ["user", "moderator"])
def test_one_of_every_kind_and_thirty_cost_the_same(client_of, user, settings, count_queries, role):
    settings.HOT_LIKES = 1
    if role == "moderator":
        user.is_moderator = True
        user.save()
    api = client_of(user)
    moderator = UserFactory(school=user.school, is_moderator=True)

    def make(number):
        with TestCase.captureOnCommitCallbacks(execute=True):
            for _ in range(number):
                one_of_each(user, moderator)

    make(1)
    page = f"{NOTIFICATIONS}?page_size=100"
    few = notifications(api)
    assert {row["kind"] for row in few} == {
        "comment",
        "reply",
        "message",
        "hot",
        "board_handover",
        "case_decided",
    }
    one = count_queries(lambda: api.get(page))
    make(13)
    assert len(notifications(api)) == 14 * len(few) == 98
    assert count_queries(lambda: api.get(page)) == one <= 13
    assert unread(api) == 98
    assert count_queries(lambda: unread(api)) == 3
    assert count_queries(lambda: api.put(f"{NOTIFICATIONS}read/")) <= 9
    assert unread(api) == 0
