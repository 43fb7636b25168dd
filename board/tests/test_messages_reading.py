"""Reading messages: one's own conversations alone, page by page, and nothing that moderators have hidden."""

from itertools import chain

import pytest

from accounts.tests.factories import UserFactory
from api import targets
from api.tests.helpers import codes
from board.models import Message
from board.tests.factories import make_comment
from board.tests.helpers import (
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


def test_the_list_is_of_one_conversation_of_ones_own(api, clients, client_of, school, post, anonymous_post):
    mine = begin(api, post)
    begin(api, anonymous_post)
    theirs = begin(client_of(UserFactory(school=school)), post)
    without = api.get(MESSAGES)
    assert without.status_code == 400
    assert codes(without) == {("conversation", "required")}
    missing = api.get(MESSAGES, {"conversation": MISSING})
    assert missing.status_code == 400
    assert codes(missing) == {("conversation", "does_not_exist")}
    assert api.get(MESSAGES, {"conversation": theirs}).content == missing.content
    for role in ("moderator", "staff", "manager"):
        assert clients[role].get(MESSAGES, {"conversation": mine}).content == missing.content
    assert len(messages(api, mine)) == 1


def test_a_message_of_others_is_not_there_whoever_asks(api, clients, post):
    begin(api, post)
    path = f"{MESSAGES}{Message.objects.get().pk}/"
    missing = api.get(f"{MESSAGES}{MISSING}/")
    assert missing.status_code == 404
    for role in ("manager", "moderator", "staff", "unverified", "other school"):
        answer = clients[role].get(path)
        assert (answer.status_code, answer.content) == (404, missing.content)
    for method in ("put", "patch", "delete"):
        assert getattr(api, method)(path, {}).status_code == 405


def test_messages_come_newest_first_or_oldest_first(api, post):
    conversation = begin(api, post)
    write(api, conversation, 3)
    newest = ids(messages(api, conversation))
    assert newest == sorted(newest, reverse=True)
    assert ids(messages(api, conversation, ordering="oldest")) == newest[::-1]
    assert api.get(MESSAGES, {"conversation": conversation, "ordering": "likes"}).status_code == 400


def test_pages_of_messages_skip_nothing_and_repeat_nothing(api, client_of, other, post):
    conversation = begin(api, post)
    for _ in range(5):
        write(api, conversation, 3)
        write(client_of(other), conversation, 2)
    url = f"{MESSAGES}?conversation={conversation}&page_size=7"
    found = pages(api, url)
    assert [len(page) for page in found] == [7, 7, 7, 5]
    assert [*chain(*found)] == [*Message.objects.values_list("pk", flat=True)]
    assert [*chain(*pages(api, f"{url}&ordering=oldest"))] == [*chain(*found)][::-1]
    last = api.get(api.get(api.get(url).json()["next"]).json()["next"]).json()
    assert ids(api.get(last["previous"]).json()["results"]) == found[1]


def test_one_message_and_thirty_cost_the_same(api, client_of, other, post, count_queries):
    conversation = begin(api, post)
    url = f"{MESSAGES}?conversation={conversation}&page_size=100"
    one = count_queries(lambda: api.get(url))
    write(api, conversation, 15)
    write(client_of(other), conversation, 15)
    assert len(messages(api, conversation, page_size=100)) == 31
    assert count_queries(lambda: api.get(url)) == one <= 4


# --- Hidden by moderators ---
def hide(pk):
    message = targets.reportable("message")
    message.hide(message.lock(pk), by=None, reason="abuse")


@pytest.fixture
def hidden(api, client_of, other, post):
    """A conversation with `other`, whose newest message, of `user`, has been hidden: both ids."""
    conversation = begin(api, make_comment(post, author=other))
    write(client_of(other), conversation)
    (newest,) = write(api, conversation)
    assert unread(client_of(other)) == 2
    hide(newest)
    return conversation, newest


def test_its_sender_sees_a_hidden_message_as_hidden(api, hidden):
    conversation, newest = hidden
    row = api.get(f"{MESSAGES}{newest}/").json()
    assert (row["state"], row["is_mine"]) == ("hidden", True)
    assert row["content"].startswith("쪽지")
    assert messages(api, conversation)[0] == row
    last = conversation_of(api, conversation)["last_message"]
    assert last == {name: value for name, value in row.items() if name != "conversation"}


def test_the_other_side_does_not_see_a_hidden_message(api, client_of, other, hidden):
    conversation, newest = hidden
    reader = client_of(other)
    assert newest not in ids(messages(reader, conversation))
    assert reader.get(f"{MESSAGES}{newest}/").status_code == 404
    assert unread(reader) == 1
    (row,) = conversations(reader)
    assert row["unread_count"] == 1
    last = row["last_message"]
    assert (last["id"], last["content"], last["is_mine"], last["state"]) == (newest, None, False, "hidden")
    read = reader.put(f"/api/v1/conversations/{conversation}/read/", {"message": newest})
    assert codes(read) == {("message", "does_not_exist")}


def test_a_conversation_goes_on_after_a_hidden_message(api, client_of, other, hidden):
    conversation, _newest = hidden
    assert send(api, conversation=conversation).status_code == 201
    assert len(messages(client_of(other), conversation)) == 3
    assert len(messages(api, conversation)) == 4
    assert conversation_of(client_of(other), conversation)["last_message"]["content"] is not None


def test_a_message_shown_again_is_as_it_was(client_of, other, hidden):
    conversation, newest = hidden
    message = targets.reportable("message")
    message.restore(message.lock(newest))
    reader = client_of(other)
    assert messages(reader, conversation)[0]["id"] == newest
    assert (unread(reader), conversation_of(reader, conversation)["last_message"]["state"]) == (2, "living")
