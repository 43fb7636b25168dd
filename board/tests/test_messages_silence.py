"""Nothing tells a sender what becomes of a message: not the answers, not the headers, not the work done.

The other side may read it, block the sender, be sanctioned, deactivated or gone.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Sanction, User
from accounts.tests.factories import UserFactory
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import CONVERSATIONS, MESSAGES, block
from conftest import Client

# As on a server, where a worker finds out whom to tell: what it does is no work of the request.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued")]


def nothing(reader, sender, conversation):
    pass


def block_name(reader, sender, conversation):
    block(Client(reader), user=sender.pk)


def block_conversation(reader, sender, conversation):
    if conversation:
        block(Client(reader), conversation=conversation)


def sanction(reader, sender, conversation):
    for kind in ("no_writing", "no_sign_in"):
        Sanction.objects.create(
            user=reader, school=reader.school, kind=kind, reason="abuse", target_kind="user"
        )


def deactivate(reader, sender, conversation):
    User.objects.filter(pk=reader.pk).update(is_active=False)


def unverify(reader, sender, conversation):
    User.objects.filter(pk=reader.pk).update(school_verified_at=None)


def withdraw(reader, sender, conversation):
    User.objects.filter(pk=reader.pk).delete()


FATES = (block_name, block_conversation, sanction, deactivate, unverify, withdraw)
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+09:00")
ID = re.compile(r'("(?:id|conversation|comment)":)\d+')
VALUE = re.compile(r"'[^']*'|\bNULL\b|\b[0-9a-f]{32}\b|\b\d+\b|s\d+_x\d+")


class Story:
    """What one sender does, from a first message to clearing, while `fate` befalls the other side."""

    def __init__(self, school, fate, begins, origin_kind):
        self.sender = UserFactory(school=school, nickname=f"보낸이{UserFactory._meta.next_sequence()}")
        self.client = Client(self.sender)
        self.reader = UserFactory(school=school)
        post = PostFactory(board=school.boards.get(), is_anonymous=True, title="제목")
        self.kind, self.origin = "post", post
        if origin_kind == "comment":
            self.kind, self.origin = "comment", make_comment(post, author=self.reader, is_anonymous=True)
        else:
            type(post).objects.filter(pk=post.pk).update(author=self.reader)
        self.lines: list[object] = []
        if not begins:
            fate(self.reader, self.sender, None)
        self.conversation = self.send(**{self.kind: self.origin.pk, "is_anonymous": False})["conversation"]
        if begins:
            fate(self.reader, self.sender, self.conversation)
        self.go_on()

    def go_on(self):
        path = f"{CONVERSATIONS}{self.conversation}/"
        message = self.send(conversation=self.conversation)["id"]
        self.send(**{self.kind: self.origin.pk})
        for read in (CONVERSATIONS, path, f"{MESSAGES}{message}/", f"{CONVERSATIONS}unread-count/"):
            self.call("get", read)
        self.call("get", f"{MESSAGES}?conversation={self.conversation}")
        self.call("put", f"{path}read/", {})
        self.call("delete", path)
        self.send(**{self.kind: self.origin.pk})
        self.call("get", CONVERSATIONS)

    def send(self, **fields):
        return self.call("post", MESSAGES, {"content": f"글 {len(self.lines)}"} | fields).json()

    def call(self, method, path, body=None):
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(self.client, method)(path, body)
        assert answer.status_code < 300, answer.content
        own = ("X-Request-ID", "Content-Length")  # the length of the ids
        headers = {name: value for name, value in answer.headers.items() if name not in own}
        text = ID.sub(r"\1", TIME.sub("TIME", answer.content.decode()))
        text = text.replace(str(self.sender.pk), "ME").replace(self.sender.nickname, "ME")
        self.lines.append((method, answer.status_code, headers, text))
        self.lines.append([VALUE.sub("?", query["sql"]) for query in queries.captured_queries])
        return answer


@pytest.mark.parametrize("begins", [False, True], ids=["before", "after the first message"])
@pytest.mark.parametrize("kind", ["post", "comment"])
@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.__name__)
def test_a_sender_can_not_tell_what_became_of_the_other_side(school, board, fate, kind, begins):
    usual = Story(school, nothing, begins, kind).lines
    story = Story(school, fate, begins, kind).lines
    for line, expected in zip(story, usual, strict=True):
        assert line == expected
