"""Many messages at one moment: none is lost, each side's newest is right, and no client sees an error."""

import pytest
from django.db.models import Max

from accounts.models import Block
from accounts.tests.factories import UserFactory
from api.tests.helpers import at_once
from board.models import Conversation, Message, Participant
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import (
    CONVERSATIONS,
    begin,
    conversation_of,
    conversations,
    messages,
    send,
    unread,
    write,
)
from conftest import Client

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sides():
    """A post, and its reader's and its author's clients."""
    post = PostFactory(board=BoardFactory())
    return post, Client(UserFactory(school=post.school)), Client(post.author)


def ok(answer, status=201):
    assert answer.status_code == status, answer.content
    return answer


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_first_messages_at_once_make_one_conversation(sides, kind):
    post, reader, author = sides
    origin = post if kind == "post" else make_comment(post, author=post.author)
    for _ in range(5):
        Message.objects.all().delete()
        Conversation.objects.all().delete()
        begun = at_once(*[lambda: begin(reader, origin)] * 4)
        assert len({*begun}) == Conversation.objects.count() == 1
        assert Participant.objects.count() == 2
        assert len(messages(reader, begun[0])) == len(messages(author, begun[0])) == unread(author) == 4


def test_first_messages_of_many_people_at_once_make_one_each(sides):
    post, _reader, author = sides
    people = [Client(user) for user in UserFactory.create_batch(8, school=post.school)]
    begun = at_once(*[lambda client=client: begin(client, post) for client in people])
    assert len({*begun}) == len(conversations(author)) == unread(author) == 8


def test_one_idempotency_key_at_once_is_one_message(sides):
    post, reader, _author = sides
    body = {"post": post.pk, "content": "글"}
    answers = at_once(*[lambda: ok(reader.post("/api/v1/messages/", body, HTTP_IDEMPOTENCY_KEY="a"))] * 4)
    assert len({answer.content for answer in answers}) == Message.objects.count() == 1


def test_messages_of_both_sides_at_once_are_all_there(sides):
    post, reader, author = sides
    conversation = begin(reader, post)

    def act(client, number):
        write(client, conversation, 5)
        if number % 2:
            ok(client.put(f"{CONVERSATIONS}{conversation}/read/", {}), 200)

    at_once(*[lambda n=n: act((reader, author)[n // 4], n) for n in range(8)])

    newest = Message.objects.aggregate(newest=Max("pk"))["newest"]
    for client in (reader, author):
        assert len(messages(client, conversation, page_size=100)) == 41
        assert conversation_of(client, conversation)["last_message"]["id"] == newest
        ok(client.put(f"{CONVERSATIONS}{conversation}/read/", {}), 200)
        assert unread(client) == 0


def test_reading_and_writing_at_once_never_stop_each_other(sides, monkeypatch):
    """A message locks its sender's side twice, shared and then whole: a read in between is a deadlock."""
    monkeypatch.setattr("api.db.TRIES", 1)
    post, reader, author = sides
    conversation = begin(reader, post)

    def read(client):
        for _ in range(20):
            ok(client.put(f"{CONVERSATIONS}{conversation}/read/", {}), 200)

    at_once(
        *[
            lambda client=client: write(client, conversation, 8)
            for client in (reader, reader, author, author)
        ],
        *[lambda client=client: read(client) for client in (reader, author, author)],
    )
    assert len(messages(reader, conversation, page_size=100)) == 33


def test_a_conversation_cleared_while_it_is_written_to_has_what_came_after(sides):
    post, reader, author = sides
    conversation = begin(reader, post)
    path = f"{CONVERSATIONS}{conversation}/"

    def clear():
        for _ in range(10):
            assert author.delete(path).status_code in (204, 404)

    def read():
        for _ in range(10):
            assert author.put(f"{path}read/", {}).status_code in (200, 404)

    at_once(*[lambda: write(reader, conversation, 8)] * 3, clear, read)

    assert len(messages(reader, conversation, page_size=100)) == 25
    side = Participant.objects.get(user=post.author)
    left = Message.objects.filter(pk__gt=side.cleared_up_to)
    assert side.last_message_id == left.aggregate(newest=Max("pk"))["newest"]
    assert unread(author) == left.filter(pk__gt=side.read_up_to).count()
    write(reader, conversation)
    assert len(messages(author, conversation, page_size=100)) == left.count()


def test_an_origin_deleted_at_that_moment_takes_a_message_or_is_not_there(sides):
    post, reader, author = sides
    for _ in range(5):
        origin = PostFactory(board=post.board, author=post.author)
        deleted, sent = at_once(
            lambda origin=origin: author.delete(f"/api/v1/posts/{origin.pk}/"),
            lambda origin=origin: send(reader, post=origin.pk),
        )
        assert deleted.status_code == 204
        assert sent.status_code in (201, 400)
        assert origin.conversations.count() == (sent.status_code == 201)


def test_blocks_at_once_are_one_and_messages_meanwhile_arrive_or_are_dropped(sides):
    post, reader, author = sides
    conversation = begin(reader, post)
    body = {"conversation": conversation}
    answers = at_once(
        *[lambda: ok(author.post("/api/v1/blocks/", body))] * 4, *[lambda: write(reader, conversation, 4)] * 2
    )
    assert len({answer.content for answer in answers[:4]}) == Block.objects.count() == 1
    assert len(messages(reader, conversation)) == 9
    arrived = Message.objects.filter(is_dropped=False)
    assert len(messages(author, conversation)) == arrived.count()
    assert Participant.objects.get(user=post.author).last_message_id == arrived.first().pk
