"""What one is told of messages, HOT posts, offers of boards, and decisions."""

import pytest

from accounts.models import ModerationCase, Notification
from accounts.services.blocks import block_user
from accounts.services.reports import report
from accounts.tests.factories import UserFactory
from api.throttling import ActionThrottle
from board.models import Message
from board.services.hiding import hide
from board.services.notifications import tell_of_message
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import begin, block, conversation_of, send, write
from board.tests.notifications import mark_read, notifications, the_one, unread

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client_of, other):
    """A client of `other`, who wrote the anonymous post."""
    return client_of(other)


def read(client, conversation, **body):
    answer = client.put(f"/api/v1/conversations/{conversation}/read/", body)
    assert answer.status_code == 200, answer.content


# --- Messages -----------------------------------------------------------------------------------------
def test_a_message_tells_the_other_side_as_it_sees_the_sender(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post, content="안녕하세요")
    row = the_one(writer)
    assert (row["kind"], row["text"]) == ("message", "Anonymous sent you a message.")
    assert (row["excerpt"], row["others"]) == ("안녕하세요", 0)
    assert (row["target"]["kind"], row["target"]["id"]) == ("conversation", conversation)
    assert row["target"]["conversation"] == conversation
    assert row["author"] == conversation_of(writer, conversation)["other"]
    assert notifications(api) == []


def test_several_messages_of_a_conversation_are_one_notification(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    write(api, conversation, 3)
    send(api, conversation=conversation, content="마지막")
    assert the_one(writer)["excerpt"] == "마지막"
    assert unread(writer) == 1


def test_reading_the_conversation_reads_its_notification(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    write(api, conversation)
    read(writer, conversation)
    assert (the_one(writer)["is_read"], unread(writer)) == (True, 0)
    write(api, conversation)
    assert (the_one(writer)["is_read"], unread(writer)) == (False, 1)


def test_reading_a_part_leaves_the_rest_unread(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    first, _second = write(api, conversation, 2)
    read(writer, conversation, message=first)
    assert unread(writer) == 1


def test_reading_one_conversation_leaves_the_others_and_other_kinds(
    api, writer, other, board, anonymous_post
):
    post = PostFactory(board=board, author=other)
    conversations = [begin(api, anonymous_post), begin(api, post)]
    api.post(f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글"})
    assert unread(writer) == 3
    read(writer, conversations[0])
    assert unread(writer) == 2


def test_a_message_read_before_it_is_told_is_not_told(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    Notification.objects.all().delete()
    read(writer, conversation)
    tell_of_message.call(Message.objects.get().pk)
    assert notifications(writer) == []


def test_a_message_into_a_block_is_never_told(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    blocked = block(writer, conversation=conversation)
    assert (notifications(writer), unread(writer)) == ([], 0)
    dropped = write(api, conversation)[0]
    writer.delete(f"/api/v1/blocks/{blocked}/")
    assert the_one(writer)["is_read"] is False
    mark_read(writer, the_one(writer)["id"])
    tell_of_message.call(dropped)
    assert unread(writer) == 0


def test_a_hidden_message_and_a_cleared_conversation_drop_out(api, writer, anonymous_post):
    conversation = begin(api, anonymous_post)
    Message.objects.update(hidden_at="2026-01-01T00:00:00Z")
    assert notifications(writer) == []
    Message.objects.update(hidden_at=None)
    assert unread(writer) == 1
    assert writer.delete(f"/api/v1/conversations/{conversation}/").status_code == 204
    assert (notifications(writer), unread(writer)) == ([], 0)


def test_a_message_to_somebody_who_left_tells_nobody(api, other, anonymous_post):
    conversation = begin(api, anonymous_post)
    other.delete()
    write(api, conversation)
    assert not Notification.objects.exists()


# --- HOT ----------------------------------------------------------------------------------------------
def test_the_tenth_like_tells_the_author_once(api, user, board, school, client_of, settings):
    settings.HOT_LIKES = 2
    post = PostFactory(board=board, author=user, title="학식 지도", is_anonymous=True)
    fans = [client_of(fan) for fan in UserFactory.create_batch(3, school=school)]
    fans[0].put(f"/api/v1/posts/{post.pk}/like/")
    assert notifications(api) == []
    for fan in fans[1:]:
        fan.put(f"/api/v1/posts/{post.pk}/like/")
    row = the_one(api)
    assert (row["kind"], row["text"]) == ("hot", "Your post “학식 지도” is HOT now.")
    assert (row["author"], row["others"], row["target"]["post"]) == (None, 0, post.pk)
    mark_read(api, row["id"])
    fans[2].delete(f"/api/v1/posts/{post.pk}/like/")
    fans[2].put(f"/api/v1/posts/{post.pk}/like/")
    assert unread(api) == 0
    type(board).objects.update(in_hot=False)
    assert notifications(api) == []
    type(board).objects.update(in_hot=True)
    assert len(notifications(api)) == 1
    hide(user=board.manager, content=post, reason="spam")
    assert notifications(api) == []


# --- Handing over ---------------------------------------------------------------------------------------
def offer(client, board, user):
    answer = client.post(f"/api/v1/boards/{board.pk}/handover/", {"user": str(user.pk)})
    assert answer.status_code == 200, answer.content


def test_an_offer_tells_whom_it_is_made_to_until_it_is_answered(api, user, board, manager, client_of):
    offering = client_of(manager)
    offer(offering, board, user)
    row = the_one(api)
    assert (row["kind"], row["target"]["board"]) == ("board_handover", board.pk)
    assert row["text"] == f"The board “{board.name}” is offered to you: accept it to manage it."
    mark_read(api, row["id"])
    offering.delete(f"/api/v1/boards/{board.pk}/handover/")
    assert notifications(api) == []
    offer(offering, board, user)
    assert unread(api) == 1
    api.post(f"/api/v1/boards/{board.pk}/handover/decline/")
    assert (notifications(api), unread(api)) == ([], 0)


def test_an_offer_of_somebody_one_blocks_is_no_news(api, user, board, manager, client_of):
    block_user(user=user, blocked=manager)
    offer(client_of(manager), board, user)
    assert (notifications(api), unread(api)) == ([], 0)


def test_boards_are_opened_and_offered_so_many_times(monkeypatch, user, board, manager, client_of):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "board", "2/hour")
    client = client_of(manager)
    offer(client, board, user)
    body = {"category": "club", "name": "두 번째 게시판"}
    assert client.post("/api/v1/boards/", body).status_code == 201
    assert client.post("/api/v1/boards/", body | {"name": "세 번째"}).status_code == 429
    assert client.post(f"/api/v1/boards/{board.pk}/handover/", {"user": str(user.pk)}).status_code == 429


def test_an_offer_to_another_ends_what_the_first_was_told(api, user, other, board, manager, client_of):
    offer(client_of(manager), board, user)
    offer(client_of(manager), board, other)
    assert notifications(api) == []
    assert unread(client_of(other)) == 1


# --- Decisions ------------------------------------------------------------------------------------------
@pytest.fixture
def case(user, board, author):
    comment = make_comment(PostFactory(board=board), author=author, is_anonymous=True)
    return report(user=user, target_kind="comment", target_id=comment.pk, reason="abuse").case


def decide(client, case, decision, note="욕설입니다."):
    answer = client.post(f"/api/v1/moderation/cases/{case.pk}/{decision}/", {"note": note})
    assert answer.status_code == 200, answer.content


def test_a_decision_tells_who_reported_and_who_wrote_what_is_hidden(
    api, user, case, author, moderator, client_of
):
    decide(client_of(moderator), case, "uphold")
    row = the_one(api)
    assert (row["kind"], row["text"]) == ("case_decided", "Your report of a comment was upheld.")
    assert (row["excerpt"], row["author"]) == ("욕설입니다.", None)
    assert (row["target"]["kind"], row["target"]["id"]) == ("report", case.reports.get().pk)
    assert row["target"]["comment"] is None
    theirs = the_one(client_of(author))
    assert theirs["text"] == "Reports of your comment were upheld: it stays hidden."
    assert (theirs["target"]["kind"], theirs["target"]["comment"]) == ("comment", case.target_id)
    assert (theirs["author"], theirs["others"]) == (None, 0)


def test_a_dismissal_tells_who_reported_alone(api, case, author, moderator, client_of):
    decide(client_of(moderator), case, "dismiss")
    assert the_one(api)["text"] == "Your report of a comment was dismissed."
    assert notifications(client_of(author)) == []


def test_another_decision_of_a_case_is_news(api, user, case, author, moderator, client_of):
    decide(client_of(moderator), case, "dismiss")
    mark_read(api, the_one(api)["id"])
    client_of(author).patch(f"/api/v1/comments/{case.target_id}/", {"content": "더 심한 욕설"})
    report(user=user, target_kind="comment", target_id=case.target_id, reason="abuse")
    assert notifications(api) == []  # open again: nothing is decided
    decide(client_of(moderator), case, "uphold")
    assert (the_one(api)["is_read"], unread(api)) == (False, 1)


def test_what_was_shown_again_tells_its_author_nothing(case, author, moderator, client_of):
    decide(client_of(moderator), case, "uphold")
    assert unread(client_of(author)) == 1
    moderating = client_of(moderator)
    answer = moderating.delete(f"/api/v1/comments/{case.target_id}/hide/")
    assert answer.status_code == 200, answer.content
    assert ModerationCase.objects.get().state == "dismissed"
    assert (notifications(client_of(author)), unread(client_of(author))) == ([], 0)


@pytest.mark.parametrize("kind", ["post", "message"])
def test_authors_of_posts_and_messages_are_told_too(kind, user, api, author, board, moderator, client_of):
    if kind == "post":
        row = PostFactory(board=board, author=author)
    else:
        begin(client_of(author), PostFactory(board=board, author=user))
        row = Message.objects.get()
    case = report(user=user, target_kind=kind, target_id=row.pk, reason="abuse").case
    decide(client_of(moderator), case, "uphold")
    told = [row for row in notifications(client_of(author)) if row["kind"] == "case_decided"]
    assert [row["target"]["kind"] for row in told] == [kind]
