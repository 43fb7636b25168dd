"""How the two sides of a conversation appear to each other, and what it says of where it began."""

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.models import User
from accounts.tests.factories import UserFactory
from board.models import Board, Comment, Post
from board.services.comments import delete_comment, update_comment
from board.services.hiding import hide
from board.services.posts import delete_post, update_post
from board.tests.factories import PostFactory, make_comment
from board.tests.helpers import begin, conversation_of, send
from conftest import Client

pytestmark = pytest.mark.django_db

# Everything there is to begin from, and how its author is seen.
ORIGINS = {
    "named post": ("named", None),
    "anonymous post": ("anonymous", None),
    "named comment": ("named", None),
    "anonymous comment": ("anonymous", 2),
    "comment of the post's author": ("post_author", 0),
}


@pytest.fixture(params=ORIGINS)
def name(request):
    return request.param


@pytest.fixture
def origin(name, board, other):
    """Made by `other`. On the comments' posts somebody else is 익명1."""
    if name.endswith(" post"):
        return PostFactory(board=board, author=other, is_anonymous=name == "anonymous post")
    by_author = name.startswith("comment of")
    post = PostFactory(board=board, is_anonymous=True, **{"author": other} if by_author else {})
    make_comment(post, is_anonymous=True)
    return make_comment(post, author=other, is_anonymous=name != "named comment")


def path_of(origin):
    return f"/api/v1/{'comments' if isinstance(origin, Comment) else 'posts'}/{origin.pk}/"


def test_the_other_side_is_who_the_origin_shows(api, client_of, other, name, origin):
    conversation = begin(api, origin)
    seen = conversation_of(api, conversation)
    assert seen["other"] == api.get(path_of(origin)).json()["author"]
    assert (seen["other"]["kind"], seen["other"]["number"]) == ORIGINS[name]
    theirs = conversation_of(client_of(other), conversation)
    assert theirs["me"] == seen["other"]
    assert theirs["other"] == seen["me"]


def change(event, origin):
    post = origin.post if isinstance(origin, Comment) else origin
    author = origin.author
    if event == "edited":
        edit = update_comment if isinstance(origin, Comment) else update_post
        edit(**{type(origin).__name__.lower(): origin}, changes={"content": "고친 글"})
    elif event == "deleted":
        delete_comment(comment=origin) if isinstance(origin, Comment) else delete_post(post=origin)
    elif event == "hidden":
        hide(user=post.board.manager, content=origin, reason="spam")
    elif event == "board deleted":
        Board.objects.filter(pk=post.board_id).update(deleted_at=timezone.now())
    elif event == "renamed":
        User.objects.filter(pk=author.pk).update(nickname="새이름", nickname_key="새이름")
    elif event == "withdrawn":
        User.objects.filter(pk=author.pk).delete()


@pytest.mark.parametrize("is_anonymous", [True, False])
@pytest.mark.parametrize("event", ["edited", "deleted", "hidden", "board deleted", "renamed", "withdrawn"])
def test_each_side_stays_who_it_was(api, client_of, other, name, origin, event, is_anonymous):
    conversation = begin(api, origin, is_anonymous=is_anonymous)
    reader = client_of(other)
    mine, theirs = conversation_of(api, conversation), conversation_of(reader, conversation)
    change(event, origin)

    now = conversation_of(api, conversation)
    expected = mine["other"]
    if expected["kind"] == "named" and event == "renamed":
        expected = expected | {"display_name": "새이름"}
    elif expected["kind"] == "named" and event == "withdrawn":
        expected = expected | {"id": None, "kind": "withdrawn", "display_name": "(unknown)"}
    assert now["other"] == expected
    assert now["me"] == mine["me"]
    if event != "withdrawn":
        now = conversation_of(reader, conversation)
        assert (now["other"], now["me"]) == (theirs["other"], expected)
    assert send(api, conversation=conversation).status_code == 201


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_who_began_and_withdrew_is_seen_as_they_were(client_of, user, other, api, origin, is_anonymous):
    conversation = begin(api, origin, is_anonymous=is_anonymous)
    reader = client_of(other)
    before = conversation_of(reader, conversation)
    User.objects.filter(pk=user.pk).delete()
    after = conversation_of(reader, conversation)
    gone = {"id": None, "kind": "withdrawn", "display_name": "(unknown)"}
    assert after == before | {"other": before["other"] | ({} if is_anonymous else gone)}
    assert send(reader, conversation=conversation).status_code == 201


# --- Where it began ---
LINES = {
    "post": "This began from the post “%(title)s”.",
    "comment": "This began from a comment on the post “%(title)s”.",
    None: "This began from something that can no longer be seen.",
}


def line(kind, language, title=""):
    with override(language):
        return gettext(LINES[kind]) % {"title": title}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_origin_is_shown_in_the_readers_language(user, other, origin, language):
    clients = [Client(person, HTTP_ACCEPT_LANGUAGE=language) for person in (user, other)]
    conversation = begin(clients[0], origin)
    is_comment = isinstance(origin, Comment)
    kind = "comment" if is_comment else "post"
    post = origin.post if is_comment else origin
    for client in clients:
        assert conversation_of(client, conversation)["origin"] == {
            "kind": kind,
            "post": {"id": post.pk, "title": post.title},
            "comment": origin.pk if is_comment else None,
            "line": line(kind, language, post.title),
        }


def unseen(origin, language="en"):
    """What is said of an origin that can't be seen."""
    kind = "comment" if isinstance(origin, Comment) else "post"
    return {"kind": kind, "post": None, "comment": None, "line": line(None, language)}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("event", ["deleted", "board deleted"])
def test_an_origin_that_is_gone_is_gone_for_both(user, other, origin, event, language):
    clients = [Client(person, HTTP_ACCEPT_LANGUAGE=language) for person in (user, other)]
    conversation = begin(clients[0], origin)
    change(event, origin)
    for client in clients:
        assert conversation_of(client, conversation)["origin"] == unseen(origin, language)


def test_the_author_of_a_hidden_origin_still_sees_it_and_the_other_side_does_not(
    api, client_of, other, origin
):
    conversation = begin(api, origin)
    before = conversation_of(api, conversation)["origin"]
    change("hidden", origin)
    assert conversation_of(client_of(other), conversation)["origin"] == before
    assert conversation_of(api, conversation)["origin"] == unseen(origin)


def test_a_comment_on_a_post_that_can_not_be_seen_is_not_seen(api, client_of, school, post, other):
    commenter = UserFactory(school=school)
    comment = make_comment(post, author=commenter)
    conversation = begin(api, comment)
    change("hidden", post)
    for client in (api, client_of(commenter)):
        assert conversation_of(client, conversation)["origin"] == unseen(comment)


def test_an_origin_on_a_board_for_verified_users_is_for_them(api, client_of, user, other, board, origin):
    conversation = begin(api, origin)
    before = conversation_of(api, conversation)["origin"]
    Board.objects.filter(pk=board.pk).update(needs_verification=True)
    assert conversation_of(api, conversation)["origin"] == before
    User.objects.filter(pk=user.pk).update(school_verified_at=None)
    assert conversation_of(api, conversation)["origin"] == unseen(origin)
    assert conversation_of(client_of(other), conversation)["origin"] == before


def test_the_title_is_the_one_the_post_has_now(api, post):
    conversation = begin(api, post)
    Post.objects.filter(pk=post.pk).update(title="새 제목")
    assert conversation_of(api, conversation)["origin"]["post"]["title"] == "새 제목"
