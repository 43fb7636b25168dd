"""Many causes, deliveries and readings at one moment: nothing is lost, nothing twice, no deadlock."""

import time
from threading import Event

import pytest

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from board.models import Message
from board.notifications import MessageKind
from board.services.notifications import tell_of_comment, tell_of_message
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import begin, write
from board.tests.notifications import NOTIFICATIONS, comment, the_one, unread
from conftest import Client

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post():
    return PostFactory(board=BoardFactory())


def ok(answer):
    assert answer.status_code == 200, answer.content
    return answer


def test_comments_of_many_at_once_while_one_reads_are_all_told(post):
    reader = Client(post.author)
    mine = comment(reader, post)
    clients = [Client(user) for user in UserFactory.create_batch(16, school=post.school)]

    def read():
        for _ in range(8):
            ok(reader.get(NOTIFICATIONS))
            ok(reader.put(f"{NOTIFICATIONS}read/"))
            ok(reader.get(f"{NOTIFICATIONS}unread-count/"))

    at_once(
        *[lambda client=client: comment(client, post) for client in clients],
        *[lambda client=client: comment(client, post, parent=mine) for client in clients[:4]],
        read,
        read,
    )
    last = {row.kind: row.last_cause for row in Notification.objects.filter(user=post.author)}
    causes = post.comments.exclude(author=post.author)
    assert last == {
        "comment": causes.filter(parent=None).latest("pk").pk,
        "reply": causes.filter(parent=mine).latest("pk").pk,
    }
    ok(reader.put(f"{NOTIFICATIONS}read/"))
    assert unread(reader) == 0


def test_first_deliveries_at_once_make_one_notification(post):
    made = [make_comment(post, is_anonymous=True).pk for _ in range(12)]
    Notification.objects.all().delete()
    at_once(*[lambda pk=pk: tell_of_comment.call(pk) for pk in (*made, *made[:4])])
    row = Notification.objects.get()
    assert (row.first_cause, row.last_cause) == (made[0], made[-1])
    assert the_one(Client(post.author))["others"] == 11


def test_a_conversation_read_while_messages_arrive_leaves_no_stale_news(post):
    """Whichever comes first: what was read is not told as new, and what is new is told."""
    writer, reader = Client(UserFactory(school=post.school)), Client(post.author)
    conversation = begin(writer, post)

    def read():
        for _ in range(10):
            ok(reader.put(f"/api/v1/conversations/{conversation}/read/"))

    at_once(lambda: write(writer, conversation, 10), read, read)
    row = ok(reader.get(f"/api/v1/conversations/{conversation}/")).json()
    assert unread(reader) == (1 if row["unread_count"] else 0)
    ok(reader.put(f"/api/v1/conversations/{conversation}/read/"))
    assert unread(reader) == 0


def test_a_message_read_in_the_middle_of_telling_is_read(post, monkeypatch):
    """The worker has found it unread and is about to say so: the reading waits for it."""
    writer, reader = Client(UserFactory(school=post.school)), Client(post.author)
    conversation = begin(writer, post)
    Notification.objects.all().delete()
    found, is_due = Event(), MessageKind.is_due

    def hesitate(*args):
        due = is_due(*args)
        found.set()
        time.sleep(1)
        return due

    def read():
        assert found.wait(10)
        ok(reader.put(f"/api/v1/conversations/{conversation}/read/"))

    monkeypatch.setattr(MessageKind, "is_due", hesitate)
    at_once(lambda: tell_of_message.call(Message.objects.get().pk), read)
    assert Notification.objects.count() == 1
    assert unread(reader) == 0
