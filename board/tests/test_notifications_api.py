"""What one is told of comments and replies."""

import pytest
from django.db import transaction

from accounts.models import Notification, User
from accounts.tests.factories import SchoolFactory, UserFactory
from board.models import Comment
from board.services.hiding import hide, restore
from board.services.notifications import tell_of_comment
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import block
from board.tests.notifications import NOTIFICATIONS, comment, mark_read, notifications, the_one, unread

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(board, user):
    """A post of `user`, who is told of what others do there."""
    return PostFactory(board=board, author=user, title="중고 책 팔아요")


@pytest.fixture
def someone(school, client_of):
    """`someone()`: a client of somebody else of the school, a new one each time."""
    return lambda **fields: client_of(UserFactory(school=school, **fields))


def test_a_comment_tells_the_author_of_the_post(api, post, someone):
    pk = comment(someone(), post, content="얼마예요?")
    row = the_one(api)
    assert row["kind"] == "comment"
    assert row["kind_display"] == "comments on my posts"
    assert row["text"] == "Anonymous 1 commented on your post “중고 책 팔아요”."
    assert row["excerpt"] == "얼마예요?"
    assert row["author"]["display_name"] == "Anonymous 1"
    assert row["others"] == 0
    assert row["target"] == {
        "kind": "post",
        "id": post.pk,
        "post": post.pk,
        "comment": pk,
        "conversation": None,
        "board": None,
        "exam_note": None,
        "review": None,
        "lecture": None,
        "friend_request": None,
        "session": None,
    }
    assert row["is_read"] is False
    assert unread(api) == 1


def test_many_comments_are_one_notification_that_counts_labels(api, post, someone):
    first, second = someone(), someone()
    comment(first, post)
    comment(second, post)
    comment(second, post)
    comment(second, post, is_anonymous=False)
    comment(first, post, content="마지막")
    row = the_one(api)
    # 익명1, 익명2, and a name: that two of them are one person, nobody may know.
    assert row["others"] == 2
    assert row["text"].startswith("Anonymous 1 and 2 more commented")
    assert row["excerpt"] == "마지막"
    assert unread(api) == 1


def test_names_are_those_of_now(api, post, someone, school):
    writer = UserFactory(school=school, nickname="옛이름")
    comment(someone(), post)
    make_comment(post, author=writer)
    tell_of_comment.call(Comment.objects.latest("pk").pk)
    User.objects.filter(pk=writer.pk).update(nickname="새이름")
    assert the_one(api)["text"].startswith("새이름 and 1 more")
    writer.delete()
    row = the_one(api)
    assert row["author"]["kind"] == "withdrawn"
    assert row["text"].startswith("(unknown) and 1 more")


def test_those_who_withdrew_are_one_label(api, post, school):
    for _ in range(2):
        writer = UserFactory(school=school)
        tell_of_comment.call(make_comment(post, author=writer).pk)
        writer.delete()
    assert the_one(api)["others"] == 0


def test_nobody_is_told_of_what_they_do_themselves(api, post):
    pk = comment(api, post)
    comment(api, post, parent=pk)
    assert notifications(api) == []
    assert not Notification.objects.exists()


def test_ones_own_comments_between_those_of_others_do_not_count(api, post, someone):
    comment(someone(), post)
    comment(api, post)
    last = comment(someone(), post)
    comment(api, post)
    row = the_one(api)
    assert (row["others"], row["target"]["comment"]) == (1, last)


def test_nobody_is_told_of_what_is_not_kept(post, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_comment(post)
        assert not Notification.objects.exists()
    assert Notification.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                make_comment(post)
                raise InterruptedError
        except InterruptedError:
            pass
    row = Notification.objects.get()
    assert row.first_cause == row.last_cause


def test_a_reply_tells_who_is_answered_and_who_wrote_the_post(api, someone, post, other, client_of):
    theirs = PostFactory(board=post.board, author=other)
    mine = comment(api, theirs)
    assert the_one(client_of(other))["kind"] == "comment"
    pk = comment(someone(), theirs, parent=mine)
    row = the_one(api)
    assert row["kind"] == "reply"
    assert row["text"].startswith("Anonymous 2 replied to your comment on “")
    assert (row["target"]["kind"], row["target"]["id"]) == ("comment", mine)
    assert (row["target"]["post"], row["target"]["comment"]) == (theirs.pk, pk)
    assert the_one(client_of(other))["others"] == 1


def test_a_reply_to_ones_own_comment_on_ones_own_post_is_told_once(api, someone, post):
    comment(someone(), post)
    mine = comment(api, post)
    comment(someone(), post, parent=mine)
    comment(someone(), post)
    comment_row, reply = sorted(notifications(api), key=lambda row: row["kind"])
    assert (comment_row["kind"], comment_row["others"]) == ("comment", 1)
    assert (reply["kind"], reply["others"]) == ("reply", 0)


def test_delivering_the_same_twice_changes_nothing(api, post, someone):
    pk = comment(someone(), post)
    before = Notification.objects.values().get()
    tell_of_comment.call(pk)
    assert Notification.objects.values().get() == before
    mark_read(api, the_one(api)["id"])
    tell_of_comment.call(pk)
    assert unread(api) == 0
    later = comment(someone(), post)
    before = Notification.objects.values().get()
    for again in (pk, later):
        tell_of_comment.call(again)
    assert Notification.objects.values().get() == before


def test_the_order_of_delivery_does_not_matter(api, post):
    made = [make_comment(post, is_anonymous=True).pk for _ in range(4)]
    for pk in (made[2], made[0], made[3], made[1]):
        tell_of_comment.call(pk)
    row = the_one(api)
    assert row["others"] == 3
    assert row["target"]["comment"] == made[3]


def test_what_is_delivered_late_is_not_lost_after_a_later_start(api, post, someone):
    """Between a first reading and the next comment to arrive, another one was made."""
    comment(someone(), post)
    mark_read(api, the_one(api)["id"])
    late, soon = (make_comment(post, is_anonymous=True).pk for _ in range(2))
    tell_of_comment.call(soon)
    assert the_one(api)["others"] == 0
    tell_of_comment.call(late)
    assert the_one(api)["others"] == 1


def test_news_after_it_was_read_begins_anew(api, post, someone):
    comment(someone(), post)
    comment(someone(), post)
    pk = the_one(api)["id"]
    assert mark_read(api, pk)["is_read"] is True
    assert the_one(api)["others"] == 1
    comment(someone(), post)
    row = the_one(api)
    assert (row["id"], row["others"], row["is_read"]) == (pk, 0, False)
    assert row["author"]["number"] == 3


def test_what_one_blocks_drops_out_and_brings_no_news(api, post, someone):
    troll, friend = someone(), someone()
    comment(friend, post)
    theirs = comment(troll, post)
    assert the_one(api)["others"] == 1
    block(api, comment=theirs)
    row = the_one(api)
    assert (row["others"], row["author"]["number"]) == (0, 1)
    mark_read(api, row["id"])
    comment(troll, post)
    assert unread(api) == 0
    assert the_one(api) == row | {"is_read": True}
    # Under the name it is another surface.
    comment(troll, post, is_anonymous=False)
    assert unread(api) == 1


def test_where_all_is_blocked_nothing_is_told(api, post, someone):
    block(api, comment=comment(someone(), post))
    assert notifications(api) == []
    assert unread(api) == 0


def test_what_is_hidden_or_deleted_drops_out(api, post, someone, manager):
    writer = someone()
    comment(writer, post)
    latest = Comment.objects.latest("pk")
    hide(user=manager, content=latest, reason="abuse")
    assert (notifications(api), unread(api)) == ([], 0)
    restore(user=manager, content=latest)
    assert unread(api) == 1
    assert writer.delete(f"/api/v1/comments/{latest.pk}/").status_code == 204
    assert (notifications(api), unread(api)) == ([], 0)


def test_a_post_or_comment_one_deleted_tells_nothing_more(api, post, someone):
    theirs = PostFactory(board=post.board)
    mine = comment(api, theirs)
    comment(someone(), theirs, parent=mine)
    comment(someone(), post)
    assert unread(api) == 2
    assert api.delete(f"/api/v1/comments/{mine}/").status_code == 204
    assert the_one(api)["kind"] == "comment"
    assert api.delete(f"/api/v1/posts/{post.pk}/").status_code == 204
    assert (notifications(api), unread(api)) == ([], 0)


def test_who_moved_to_another_school_sees_nothing(api, post, someone, user):
    comment(someone(), post)
    User.objects.filter(pk=user.pk).update(school=SchoolFactory())
    assert (notifications(api), unread(api)) == ([], 0)


def test_who_is_not_verified_is_told_nothing_of_boards_for_verified_users(api, user, school, someone):
    board = BoardFactory(school=school, needs_verification=True)
    comment(someone(), PostFactory(board=board, author=user))
    assert unread(api) == 1
    User.objects.filter(pk=user.pk).update(school_verified_at=None)
    assert (notifications(api), unread(api)) == ([], 0)


@pytest.mark.parametrize("role", ["moderator", "manager", "staff"])
def test_those_who_decide_are_told_of_nothing_hidden(people, client_of, role, board, someone, user):
    post = PostFactory(board=board, author=people[role], school=board.school)
    comment(someone(), post)
    client = client_of(people[role])
    assert unread(client) == 1
    hide(
        user=people["moderator" if role != "moderator" else "staff"],
        content=Comment.objects.get(),
        reason="spam",
    )
    assert (notifications(client), unread(client)) == ([], 0)


def test_in_korean(client_of, user, post, someone):
    korean = client_of(user, HTTP_ACCEPT_LANGUAGE="ko")
    comment(someone(), post)
    assert "익명1" in the_one(korean)["text"]


def test_nobody_reads_the_notifications_of_others(api, post, someone):
    comment(someone(), post)
    pk = the_one(api)["id"]
    stranger = someone()
    assert notifications(stranger) == []
    answers = [stranger.put(f"{NOTIFICATIONS}{number}/read/") for number in (pk, pk + 1000)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert unread(api) == 1


def test_what_is_no_longer_seen_cannot_be_marked(api, post, someone, manager):
    comment(someone(), post)
    pk = the_one(api)["id"]
    hide(user=manager, content=Comment.objects.get(), reason="abuse")
    assert api.put(f"{NOTIFICATIONS}{pk}/read/").status_code == 404
