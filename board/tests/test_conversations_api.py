"""One's conversations: their list, what is unread, and clearing them for oneself."""

import base64
from itertools import chain

import orjson
import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Message, Participant
from board.services.conversations import clear_conversation
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import (
    CONVERSATIONS,
    MESSAGES,
    begin,
    conversation_of,
    conversations,
    ids,
    messages,
    pages,
    send,
    unread,
    write,
)

pytestmark = pytest.mark.django_db

MISSING = 987_654_321


@pytest.fixture
def them(client_of, other):
    """A client of the other side."""
    return client_of(other)


@pytest.fixture
def conversation(api, post):
    return begin(api, post)


def read(client, conversation, message=None):
    body = {} if message is None else {"message": message}
    return client.put(f"{CONVERSATIONS}{conversation}/read/", body)


def clear(client, conversation):
    return client.delete(f"{CONVERSATIONS}{conversation}/")


def test_a_conversation_as_each_side_sees_it(api, them, user, other, post):
    conversation = begin(api, post, is_anonymous=False)
    (row,) = conversations(api)
    message = Message.objects.get()
    named = {"kind": "named", "number": None, "picture": None}
    assert row == {
        "id": conversation,
        "other": named | {"id": str(other.pk), "display_name": other.nickname},
        "me": named | {"id": str(user.pk), "display_name": user.nickname},
        "origin": {
            "kind": "post",
            "post": {"id": post.pk, "title": post.title},
            "comment": None,
            "line": f"This began from the post “{post.title}”.",
        },
        "last_message": {
            "id": message.pk,
            "content": message.content,
            "is_mine": True,
            "state": "living",
            "created_at": row["last_message"]["created_at"],
        },
        "unread_count": 0,
        "is_blocked": False,
    }
    assert row == conversation_of(api, conversation)
    assert conversations(them) == [
        row
        | {"other": row["me"], "me": row["other"], "unread_count": 1}
        | {"last_message": row["last_message"] | {"is_mine": False}}
    ]


def test_the_newest_message_puts_a_conversation_first(api, them, post, anonymous_post):
    first, second, third = begin(api, post), begin(api, anonymous_post), begin(api, make_comment(post))
    assert ids(conversations(api)) == [third, second, first]
    write(them, first)
    assert ids(conversations(api)) == [first, third, second]
    assert ids(conversations(them)) == [first, second]
    write(api, second)
    assert ids(conversations(api)) == [second, first, third]
    assert ids(conversations(them)) == [second, first]


def test_pages_of_conversations_skip_nothing_and_repeat_nothing(api, them, board, other):
    made = [begin(api, PostFactory(board=board, author=other)) for _ in range(12)]
    for conversation in made[::2]:
        write(them, conversation)
    order = [*made[::2][::-1], *made[1::2][::-1]]
    for client in (api, them):
        found = pages(client, f"{CONVERSATIONS}?page_size=5")
        assert [len(page) for page in found] == [5, 5, 2]
        assert [*chain(*found)] == order


def test_nobody_else_has_the_conversation(clients, conversation):
    missing = clients["user"].get(f"{CONVERSATIONS}{MISSING}/").content
    for role in ("manager", "moderator", "staff", "unverified", "other school"):
        client = clients[role]
        assert conversations(client) == []
        assert unread(client) == 0
        for answer in (
            client.get(f"{CONVERSATIONS}{conversation}/"),
            read(client, conversation),
            clear(client, conversation),
        ):
            assert (answer.status_code, answer.content) == (404, missing)


def test_a_conversation_begins_with_a_message_alone(api, conversation):
    assert api.post(CONVERSATIONS, {}).status_code == 405
    for method in ("put", "patch"):
        assert getattr(api, method)(f"{CONVERSATIONS}{conversation}/", {}).status_code == 405


def test_an_unverified_user_reads_and_clears(api, user, them, conversation):
    write(them, conversation, 2)
    user.school_verified_at = None
    user.save()
    assert (len(conversations(api)), unread(api)) == (1, 2)
    assert read(api, conversation).status_code == 200
    assert clear(api, conversation).status_code == 204


# --- What is unread ---
def test_the_other_sides_messages_are_unread_until_they_are_read(api, them, conversation):
    write(them, conversation, 2)
    write(api, conversation, 3)
    assert (conversation_of(api, conversation)["unread_count"], unread(api)) == (2, 2)
    assert (conversation_of(them, conversation)["unread_count"], unread(them)) == (4, 4)
    answer = read(api, conversation)
    assert answer.status_code == 200
    assert answer.json() == conversation_of(api, conversation)
    assert (answer.json()["unread_count"], unread(api), unread(them)) == (0, 0, 4)
    write(them, conversation)
    assert unread(api) == 1


def test_reading_messages_marks_nothing(api, them, conversation):
    write(them, conversation, 2)
    messages(api, conversation)
    conversation_of(api, conversation)
    assert unread(api) == 2


def test_one_reads_up_to_a_message_and_never_back(api, them, conversation):
    written = write(them, conversation, 4)
    for number, left in [(1, 2), (0, 2), (2, 1), (1, 1), (3, 0), (0, 0)]:
        answer = read(api, conversation, written[number])
        assert (answer.status_code, answer.json()["unread_count"]) == (200, left)


def test_one_reads_up_to_a_message_of_that_conversation(api, client_of, school, them, conversation, post):
    write(them, conversation, 2)
    elsewhere = begin(api, make_comment(post))
    strangers = begin(client_of(UserFactory(school=school)), post)
    missing = read(api, conversation, MISSING)
    assert missing.status_code == 400
    assert codes(missing) == {("message", "does_not_exist")}
    for message in Message.objects.filter(conversation__in=(elsewhere, strangers)):
        assert read(api, conversation, message.pk).content == missing.content
    for wrong, code in [("1", "incorrect_type"), (True, "incorrect_type")]:
        assert codes(read(api, conversation, wrong)) == {("message", code)}
    assert unread(api) == 2


def test_the_other_side_is_not_told_what_one_has_read(api, them, conversation):
    write(them, conversation, 2)
    before = (conversations(them), messages(them, conversation))
    read(api, conversation)
    assert (conversations(them), messages(them, conversation)) == before


def test_conversations_can_be_narrowed_to_the_unread(api, them, conversation, anonymous_post):
    second = begin(api, anonymous_post)
    write(them, second)
    assert ids(conversations(api, unread="true")) == [second]
    assert ids(conversations(api, unread="false")) == [conversation]
    read(api, second)
    assert conversations(api, unread="true") == []
    assert api.get(CONVERSATIONS, {"unread": "yes"}).status_code == 400
    assert api.get(f"{CONVERSATIONS}unread-count/", {"unread": "true"}).status_code == 400


# --- Clearing ---
def test_who_clears_a_conversation_has_it_no_longer_and_the_other_side_keeps_all(api, them, conversation):
    (answer,) = write(them, conversation)
    theirs = (conversations(them), messages(them, conversation))
    assert clear(api, conversation).status_code == 204
    assert conversations(api) == []
    assert unread(api) == 0
    for gone in (
        api.get(f"{CONVERSATIONS}{conversation}/"),
        read(api, conversation),
        clear(api, conversation),
        api.get(f"{MESSAGES}{answer}/"),
    ):
        assert gone.status_code == 404
    missing = api.get(MESSAGES, {"conversation": MISSING}).content
    assert api.get(MESSAGES, {"conversation": conversation}).content == missing
    assert codes(send(api, conversation=conversation)) == {("conversation", "does_not_exist")}
    assert (conversations(them), messages(them, conversation)) == theirs


def test_a_cleared_conversation_comes_back_empty_with_the_next_message(api, them, conversation):
    write(them, conversation, 3)
    clear(api, conversation)
    written = write(them, conversation)
    assert ids(messages(api, conversation)) == written
    (row,) = conversations(api)
    assert (row["id"], row["last_message"]["id"], row["unread_count"]) == (conversation, written[0], 1)
    assert unread(api) == 1
    assert len(messages(them, conversation)) == 5


def test_clearing_clears_what_came_since_the_request_began(api, them, user, conversation):
    side = Participant.objects.get(user=user)
    write(them, conversation)
    clear_conversation(side=side)
    assert conversations(api) == []
    written = write(them, conversation)
    assert ids(messages(api, conversation)) == written


def test_who_begins_again_from_the_origin_revives_what_they_cleared(api, them, post, conversation):
    write(them, conversation)
    clear(api, conversation)
    assert begin(api, post) == conversation
    assert len(messages(api, conversation)) == 1
    assert len(messages(them, conversation)) == 3
    assert clear(api, conversation).status_code == 204
    assert conversations(api) == []


def test_both_sides_can_clear(api, them, conversation):
    assert {clear(api, conversation).status_code, clear(them, conversation).status_code} == {204}
    assert conversations(api) == conversations(them) == []
    assert Message.objects.count() == 1


# --- Cost ---
def test_one_conversation_and_thirty_cost_the_same(api, them, user, board, other, count_queries):
    def make():
        """One from each kind of origin, begun by either side, the origins by others too."""
        mine = PostFactory(board=board, author=user, is_anonymous=True)
        begin(them, mine)
        begin(api, make_comment(mine, author=other, is_anonymous=True))
        begin(api, make_comment(PostFactory(board=board)), is_anonymous=False)

    make()
    paths = (f"{CONVERSATIONS}?page_size=100", f"{CONVERSATIONS}unread-count/")
    one = [count_queries(lambda path=path: api.get(path)) for path in paths]
    for _ in range(10):
        make()
    assert len(conversations(api, page_size=100)) == 33
    assert [count_queries(lambda path=path: api.get(path)) for path in paths] == one
    assert one[0] <= 5
    assert one[1] <= 2


def test_a_side_has_two_rows_and_no_more(conversation):
    assert [*Participant.objects.values_list("is_initiator", flat=True).order_by("pk")] == [True, False]


def test_an_id_beyond_every_number_is_a_404(api):
    for method, path in (("get", ""), ("delete", ""), ("put", "read/")):
        assert getattr(api, method)(f"/api/v1/conversations/{10**30}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "ordering", "keys"),
    [
        ("conversations", "-last_message_id", [2**64 - 1]),
        ("conversations", "-last_message_id", ["9" * 30]),
        ("reports", "-reported_at,-id", ["0001-01-01T00:00:00+09:00", 1]),
        ("reports", "-reported_at,-id", ["9999-12-31T23:59:59-09:00", 1]),
        ("reports", "-reported_at,-id", ["2026-03-02T09:00:00", 1]),
        ("reports", "-reported_at,-id", ["x", 1]),
    ],
)
def test_a_cursor_that_is_no_place_in_the_list_is_refused(api, path, ordering, keys):
    encoded = base64.urlsafe_b64encode(orjson.dumps([ordering, 0, 0, *keys])).decode().rstrip("=")
    answer = api.get(f"/api/v1/{path}/", {"cursor": encoded})
    assert (answer.status_code, codes(answer)) == (400, {("cursor", "invalid_cursor")})
