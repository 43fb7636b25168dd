"""Messages and blocks: what is sent into a block is accepted and dropped, and nobody is told."""

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Message
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import (
    CONVERSATIONS,
    MESSAGES,
    begin,
    block,
    conversation_of,
    conversations,
    ids,
    lift,
    messages,
    send,
    unread,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client_of, other):
    """Who blocks. `user` is who writes into the block."""
    return client_of(other)


@pytest.fixture
def named(api, post):
    """A conversation that `user` began by name with `other`."""
    return begin(api, post, is_anonymous=False)


@pytest.fixture
def anonymous(api, anonymous_post):
    """One that `user` began anonymously with `other`, who is anonymous there too."""
    return begin(api, anonymous_post)


def everything(client):
    """All that somebody sees of their messages."""
    rows = conversations(client)
    return rows, unread(client), [messages(client, row["id"]) for row in rows]


# --- Dropped ---
def test_a_message_into_a_block_is_accepted_and_dropped(api, reader, user, named, anonymous):
    before = everything(reader)
    made = block(reader, user=user.pk)
    sent = write(api, named, 2)
    assert ids(messages(api, named))[:2] == sent[::-1]
    assert conversation_of(api, named)["last_message"]["id"] == sent[1]
    assert ids(conversations(api)) == [named, anonymous]

    assert ids(conversations(reader)) == [anonymous]
    kept = {**conversation_of(reader, named), "is_blocked": False}
    assert kept == before[0][1]
    assert messages(reader, named) == before[2][1]
    for pk in sent:
        assert reader.get(f"{MESSAGES}{pk}/").status_code == 404
        read = reader.put(f"{CONVERSATIONS}{named}/read/", {"message": pk})
        assert codes(read) == {("message", "does_not_exist")}
    lift(reader, made)
    assert everything(reader) == before


def test_a_first_message_into_a_block_never_arrives(api, reader, user, post):
    made = block(reader, user=user.pk)
    conversation = begin(api, post, is_anonymous=False)
    assert len(messages(api, conversation)) == 1
    assert everything(reader) == ([], 0, [])
    lift(reader, made)
    assert everything(reader) == ([], 0, [])
    assert reader.get(f"{CONVERSATIONS}{conversation}/").status_code == 404
    assert codes(send(reader, conversation=conversation)) == {("conversation", "does_not_exist")}
    write(api, conversation)
    assert len(messages(reader, conversation)) == unread(reader) == 1
    assert len(messages(api, conversation)) == 2


def test_what_is_written_after_lifting_arrives_and_what_was_dropped_does_not(api, reader, named):
    made = block(reader, conversation=named)
    dropped = write(api, named)
    lift(reader, made)
    arrived = write(api, named)
    found = ids(messages(reader, named))
    assert (found[0], len(found)) == (arrived[0], 2)
    assert not {*dropped} & {*found}
    assert unread(reader) == 2


def test_a_dropped_message_does_not_bring_back_what_the_blocker_cleared(api, reader, named):
    block(reader, conversation=named)
    reader.delete(f"{CONVERSATIONS}{named}/")
    write(api, named)
    assert everything(reader) == ([], 0, [])
    assert reader.get(f"{CONVERSATIONS}{named}/").status_code == 404


def test_what_came_before_a_block_is_kept_from_the_list_and_the_count_and_comes_back(api, reader, named):
    write(api, named, 2)
    before = everything(reader)
    assert before[1] == 3
    made = block(reader, conversation=named)
    assert everything(reader) == ([], 0, [])
    assert conversations(reader, unread="true") == []
    row = conversation_of(reader, named)
    assert (row["is_blocked"], row["unread_count"]) == (True, 3)
    assert len(messages(reader, named)) == 3
    lift(reader, made)
    assert everything(reader) == before


def test_who_blocks_may_write_all_the_same(api, reader, named):
    block(reader, conversation=named)
    (sent,) = write(reader, named)
    assert ids(messages(api, named))[0] == sent
    assert unread(api) == 1
    assert conversations(reader) == []


# --- What a block covers ---
def test_a_name_covers_the_conversations_that_show_the_name(
    api, reader, user, other, board, named, anonymous
):
    """Not those in which the same person is anonymous, whichever side began."""
    mine = PostFactory(board=board, author=user)
    begun = begin(reader, mine)
    hidden_name = begin(reader, PostFactory(board=board, author=user, is_anonymous=True))
    block(reader, user=user.pk)
    assert {*ids(conversations(reader))} == {anonymous, hidden_name}
    assert [conversation_of(reader, pk)["is_blocked"] for pk in (named, begun)] == [True, True]
    write(api, anonymous)
    assert conversations(reader)[0]["id"] == anonymous
    assert unread(reader) == 2


def test_a_label_covers_what_the_blocker_began_from_it(
    api, reader, client_of, user, other, board, anonymous_post
):
    """From the post and from 글쓴이's comments; nothing of the same person under another label or post."""
    comment = make_comment(anonymous_post, author=other, is_anonymous=True)
    second = PostFactory(board=board, author=other, is_anonymous=True)
    numbered = make_comment(PostFactory(board=board), author=other, is_anonymous=True)
    named = make_comment(anonymous_post, author=other)
    covered = [begin(api, origin) for origin in (anonymous_post, comment)]
    others = [begin(api, origin) for origin in (second, numbered, named)]
    theirs = begin(reader, PostFactory(board=board, author=user, is_anonymous=True))
    block(api, post=anonymous_post.pk)
    assert {*ids(conversations(api))} == {*others, theirs}
    for conversation in (*covered, *others, theirs):
        before = unread(api)
        write(reader, conversation)
        assert unread(api) - before == (0 if conversation in covered else 1)


def test_a_number_covers_what_was_begun_from_that_number(api, client_of, school, board):
    post = PostFactory(board=board)
    first, second = [make_comment(post, is_anonymous=True) for _ in range(2)]
    begun = [begin(api, comment) for comment in (first, second)]
    block(api, comment=first.pk)
    assert ids(conversations(api)) == [begun[1]]
    for comment, conversation, arrives in zip((first, second), begun, (0, 1), strict=True):
        before = unread(api)
        write(client_of(comment.author), conversation)
        assert unread(api) - before == arrives


def test_who_began_a_conversation_stands_under_no_label(api, reader, other, board):
    """`other` blocks 글쓴이 and 익명1 of a post. An anonymous message to a comment there may be anybody's."""
    post = PostFactory(board=board, is_anonymous=True)
    first = make_comment(post, is_anonymous=True)
    conversation = begin(api, make_comment(post, author=other, is_anonymous=True))
    block(reader, post=post.pk)
    block(reader, comment=first.pk)
    assert ids(conversations(reader)) == [conversation]
    write(api, conversation)
    assert unread(reader) == 2


def test_a_conversation_covers_itself_alone(api, reader, named, anonymous):
    block(reader, conversation=anonymous)
    assert ids(conversations(reader)) == [named]
    for conversation in (named, anonymous):
        write(api, conversation)
    assert (unread(reader), Message.objects.filter(is_dropped=True).count()) == (2, 1)


def test_a_block_by_somebody_else_drops_nothing(
    api, reader, client_of, school, user, anonymous_post, named, anonymous
):
    third = client_of(UserFactory(school=school))
    block(third, user=user.pk)
    block(third, post=anonymous_post.pk)
    for conversation in (named, anonymous):
        write(api, conversation)
    assert not Message.objects.filter(is_dropped=True).exists()
    assert unread(reader) == 4


@pytest.mark.parametrize("role", ["moderator", "staff"])
def test_the_private_messages_of_those_who_decide_are_theirs_to_block(clients, people, board, role):
    origin = PostFactory(board=board, author=people[role])
    conversation = begin(clients["user"], origin, is_anonymous=False)
    block(clients[role], conversation=conversation)
    assert conversations(clients[role]) == []
    write(clients["user"], conversation)
    assert unread(clients[role]) == 0
    assert Message.objects.filter(is_dropped=True).count() == 1


def test_where_both_block_each_keeps_what_they_wrote(api, reader, anonymous):
    block(api, conversation=anonymous)
    block(reader, conversation=anonymous)
    sent, answered = write(api, anonymous), write(reader, anonymous)
    assert ids(messages(api, anonymous))[0] == sent[0]
    assert ids(messages(reader, anonymous))[0] == answered[0]
