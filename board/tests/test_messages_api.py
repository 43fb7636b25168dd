"""Writing messages: what begins a conversation, what goes on with one, and what is refused."""

import pytest
from django.db import OperationalError
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.models import Sanction, User
from accounts.tests.factories import SchoolFactory, UserFactory
from api.tests.helpers import codes
from board.models import Board, Comment, Conversation, Message, Participant, Post
from board.services import conversations as services
from board.services.hiding import hide
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import MESSAGES, begin, conversation_of, messages, send

pytestmark = pytest.mark.django_db

MISSING = 987_654_321


@pytest.fixture(params=["post", "comment"])
def origin(request, post, other):
    """A named post, or a named comment, of `other`."""
    return post if request.param == "post" else make_comment(PostFactory(board=post.board), author=other)


def kind_of(origin):
    return "comment" if isinstance(origin, Comment) else "post"


# --- Beginning ---
def test_a_message_is_answered_as_it_is_read(api, client_of, user, other, origin):
    made = send(api, **{kind_of(origin): origin.pk}, content="혹시 <b>책</b>\r\n있나요? 😀")
    assert made.status_code == 201
    message = Message.objects.get()
    row = {**made.json()}
    assert row.pop("created_at").endswith("+09:00")
    assert row == {
        "id": message.pk,
        "conversation": message.conversation_id,
        "content": "혹시 <b>책</b>\n있나요? 😀",
        "is_mine": True,
        "state": "living",
    }
    assert made.json() == api.get(f"{MESSAGES}{message.pk}/").json()
    received = client_of(other).get(f"{MESSAGES}{message.pk}/").json()
    assert received == made.json() | {"is_mine": False}
    assert str(user.pk) not in str(received)


@pytest.mark.parametrize(("wish", "anonymous"), [({}, True), (True, True), (False, False)])
def test_one_begins_anonymously_unless_one_says_otherwise(api, client_of, user, other, post, wish, anonymous):
    conversation = begin(api, post, **{} if wish == {} else {"is_anonymous": wish})
    me = conversation_of(api, conversation)["me"]
    assert me == conversation_of(client_of(other), conversation)["other"]
    assert me["id"] == (None if anonymous else str(user.pk))
    assert (me["kind"], me["number"]) == ("anonymous" if anonymous else "named", None)
    assert me["display_name"] == ("Anonymous" if anonymous else user.nickname)


@pytest.mark.parametrize("first", [True, False])
def test_who_begins_again_goes_on_as_they_were(api, origin, first):
    conversation = begin(api, origin, is_anonymous=first)
    assert begin(api, origin) == conversation
    assert begin(api, origin, is_anonymous=first) == conversation
    refused = send(api, **{kind_of(origin): origin.pk}, is_anonymous=not first)
    assert refused.status_code == 400
    assert codes(refused) == {("is_anonymous", "anonymity_not_allowed")}
    assert len(messages(api, conversation)) == Message.objects.count() == 3


def test_each_origin_has_a_conversation_of_its_own_or_one_would_learn_who_is_one_person(
    api, client_of, other, anonymous_post
):
    """All of `other`: an anonymous post, comments under two labels, a named post."""
    origins = [
        anonymous_post,
        make_comment(anonymous_post, author=other, is_anonymous=True),
        make_comment(anonymous_post, author=other, is_anonymous=True),
        make_comment(PostFactory(board=anonymous_post.board), author=other, is_anonymous=True),
        PostFactory(board=anonymous_post.board, author=other),
    ]
    begun = [begin(api, origin) for origin in origins]
    assert len(set(begun)) == len(origins)
    assert all(len(messages(client_of(other), conversation)) == 1 for conversation in begun)


def test_each_initiator_has_a_conversation_of_their_own(api, client_of, school, anonymous_post):
    assert begin(api, anonymous_post) != begin(client_of(UserFactory(school=school)), anonymous_post)


def test_both_sides_write_on(api, client_of, other, origin):
    conversation = begin(api, origin)
    answer = send(client_of(other), conversation=conversation)
    assert (answer.status_code, answer.json()["is_mine"]) == (201, True)
    assert [row["is_mine"] for row in messages(api, conversation)] == [False, True]


# --- What is refused ---
def test_one_says_exactly_one_place_to_write_to(api, origin, post):
    to = {"conversation": begin(api, origin), "post": post.pk, "comment": make_comment(post).pk}
    for names in ([], ["post", "comment"], ["conversation", "post"], [*to]):
        answer = send(api, **{name: to[name] for name in names})
        assert answer.status_code == 400
        assert codes(answer) == {("conversation", "one_of")}
    assert Message.objects.count() == 1


@pytest.mark.parametrize("wish", [True, False])
def test_how_one_appears_is_settled_in_a_conversation(api, post, wish):
    answer = send(api, conversation=begin(api, post), is_anonymous=wish)
    assert answer.status_code == 400
    assert codes(answer) == {("is_anonymous", "anonymity_not_allowed")}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("content", "", "blank"),
        ("content", " \n", "blank"),
        ("content", "가" * 1001, "max_length"),
        ("content", 7, "invalid"),
        ("content", None, "null"),
        ("content", "가\0", "null_characters_not_allowed"),
        ("is_anonymous", "true", "invalid"),
        ("is_anonymous", None, "null"),
        ("post", None, "null"),
        ("post", "1", "incorrect_type"),
        ("post", True, "incorrect_type"),
        ("comment", [1], "incorrect_type"),
        ("conversation", {}, "incorrect_type"),
        ("conversation", 10**25, "does_not_exist"),
    ],
)
def test_a_message_is_made_of_the_right_types(api, post, field, value, code):
    answer = send(api, **{"post": post.pk} | {field: value})
    assert answer.status_code == 400
    assert codes(answer) == {(field, code)}
    assert not Message.objects.exists()


def test_the_longest_message_there_can_be(api, post):
    assert send(api, post=post.pk, content="😀" * 1000).status_code == 201


@pytest.mark.parametrize("is_anonymous", [True, False])
@pytest.mark.parametrize("hidden", [True, False])
def test_nobody_writes_to_themselves(api, user, post, is_anonymous, hidden):
    mine = PostFactory(board=post.board, author=user, is_anonymous=is_anonymous)
    comment = make_comment(post, author=user, is_anonymous=is_anonymous)
    for origin in (mine, comment):
        if hidden:
            hide(user=post.board.manager, content=origin, reason="spam")
        answer = send(api, **{kind_of(origin): origin.pk})
        assert answer.status_code == 403
        assert codes(answer) == {(None, "own_content")}
    assert not Conversation.objects.exists()


def test_to_a_hidden_origin_nobody_writes(clients, people, origin):
    hide(user=people["staff"], content=origin, reason="spam")
    for role in ("manager", "moderator", "staff"):
        answer = send(clients[role], **{kind_of(origin): origin.pk})
        assert answer.status_code == 409
        assert codes(answer) == {(None, "frozen")}
    assert codes(send(clients["user"], **{kind_of(origin): origin.pk})) == {
        (kind_of(origin), "does_not_exist")
    }


@pytest.mark.parametrize("kind", ["post", "comment", "conversation"])
def test_what_one_can_not_see_does_not_exist(api, client_of, school, post, kind):
    def rows():
        """What there is for other people, deleted, hidden, and on a deleted board."""
        elsewhere = PostFactory()
        yield {"post": elsewhere, "comment": make_comment(elsewhere)}
        for change in ({"deleted_at": timezone.now()}, {"hidden_at": timezone.now()}):
            changed = PostFactory(board=post.board)
            comment = make_comment(changed)
            Post.objects.filter(pk=changed.pk).update(**change)
            yield {"post": changed, "comment": comment}
            comment = make_comment(post)
            Comment.objects.filter(pk=comment.pk).update(**change)
            yield {"comment": comment}
        gone = PostFactory(board__school=school)
        comment = make_comment(gone)
        Board.objects.filter(pk=gone.board_id).update(deleted_at=timezone.now())
        yield {"post": gone, "comment": comment}
        yield {"conversation": Conversation(pk=begin(client_of(UserFactory(school=school)), post))}

    missing = send(api, **{kind: MISSING})
    assert missing.status_code == 400
    assert codes(missing) == {(kind, "does_not_exist")}
    tried = [send(api, **{kind: row[kind].pk}) for row in rows() if kind in row]
    assert {(answer.status_code, answer.content) for answer in tried} == {(400, missing.content)}


def test_what_was_deleted_since_it_was_looked_up_does_not_exist_either(user, origin):
    """As the request loaded it; deleted meanwhile."""
    type(origin).objects.filter(pk=origin.pk).update(deleted_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        services.begin_conversation(user=user, origin=origin, content="글")
    assert refused.value.get_codes() == {kind_of(origin): ["does_not_exist"]}


def test_writing_takes_a_verified_school_whatever_is_written_to(clients, people, post):
    conversation = begin(clients["user"], post)
    User.objects.filter(pk=people["user"].pk).update(school_verified_at=None)
    for to in ({"conversation": conversation}, {"post": post.pk}, {"post": MISSING}, {}):
        answer = send(clients["user"], **to)
        assert answer.status_code == 403
        assert codes(answer) == {(None, "verification_required")}
    assert len(messages(clients["user"], conversation)) == 1


def test_who_is_sanctioned_reads_and_does_not_write(api, user, post):
    conversation = begin(api, post)
    Sanction.objects.create(
        user=user, school=user.school, kind="no_writing", reason="abuse", target_kind="user"
    )
    for to in ({"conversation": conversation}, {"post": post.pk}):
        answer = send(api, **to)
        assert answer.status_code == 403
        assert codes(answer) == {(None, "sanctioned")}
    assert len(messages(api, conversation)) == 1


def test_a_stranger_is_asked_to_sign_in(anonymous, post):
    assert send(anonymous, post=post.pk).status_code == 401
    assert anonymous.get(MESSAGES).status_code == 401


def test_who_moved_or_withdrew_since_the_request_began_writes_nothing(user, client_of, post, origin):
    conversation = Conversation.objects.get(pk=begin(client_of(user), post))
    moved = UserFactory(school=user.school)
    User.objects.filter(pk=moved.pk).update(school=SchoolFactory())
    with pytest.raises(Http404):
        services.begin_conversation(user=moved, origin=origin, content="글")
    User.objects.filter(pk=user.pk).delete()
    with pytest.raises(Http404):
        services.send_message(user=user, conversation=conversation, content="글")


# --- Retries ---
def test_a_retry_is_answered_with_the_first_message(api, origin):
    def send_with(key, content="글"):
        return api.post(MESSAGES, {kind_of(origin): origin.pk, "content": content}, HTTP_IDEMPOTENCY_KEY=key)

    first, again = send_with("a"), send_with("a")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert codes(send_with("a", "다른 글")) == {(None, "idempotency_key_reused")}
    assert send_with("b", "다른 글").status_code == 201
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "a"}], ids=["no key", "key"])
def test_a_transaction_that_is_tried_again_writes_the_message_once(api, origin, monkeypatch, headers):
    deliver, tries = services.deliver, []

    def deliver_at_the_second_try(*args):
        tries.append(args)
        if len(tries) == 1:
            raise OperationalError(1213, "Deadlock found")
        return deliver(*args)

    monkeypatch.setattr(services, "deliver", deliver_at_the_second_try)
    answer = api.post(MESSAGES, {kind_of(origin): origin.pk, "content": "글"}, **headers)
    assert answer.status_code == 201, answer.content
    assert len(tries) == 2
    assert (Conversation.objects.count(), Participant.objects.count(), Message.objects.count()) == (1, 2, 1)
