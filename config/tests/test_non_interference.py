"""Anonymity, as a test: nobody can tell who of two people wrote something anonymous.

One world is looked at twice: once `owner` wrote some of the anonymous rows, once `second` did, and nothing
else differs. Every route answers every other viewer with the same status, headers and body, at first and
after each action. A new route or action fails until it stands here.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
import time_machine
from django.db.models import Q
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Sanction, User
from accounts.services.sanctions import sanction_user
from accounts.services.withdrawal import leave
from board.models import Comment, Conversation, Participant, Post, PostMedia
from board.services.posts import create_post
from config.tests.test_permission_matrix import BODIES, MATRIX, QUERIES, about, send
from config.tests.world import ACTORS, Route, World, make_world, undone, url_of, urls_of, walk
from conftest import Client
from timetable.models import ExamNote, PointAccount, PointEntry, Review

pytestmark = pytest.mark.django_db
# Minutes of asking. What is in an answer is decided in Python: on a server the histories below must do.
exhaustive = pytest.mark.sqlite

VIEWERS = ("stranger", "other_school", "unverified", "sanctioned", "user", "manager", "moderator", "staff")
ACTING = ("user", "manager", "moderator", "staff")

# Filters that could tell, on every list that has them.
LIST_QUERIES: dict[str, Callable[[World], tuple[str, ...]]] = {
    "post-list": lambda world: (
        "",
        "?mine=true",
        "?commented=true",
        "?liked=true",
        "?ordering=likes",
        "?ordering=hot",
        "?hot=true",
        "?best=true",
        "?search=익명",
        "?search=익명&mine=true",
        "?search=익명&commented=true",
        "?search=익명&liked=true",
        "?search=익명&scrapped=true",
        "?liked=true&commented=true&page_size=1",
        f"?search=익명&board={world.post.board_id}",
    ),
    "board-list": lambda world: ("", "?pinned=true", "?offered=true"),
    "conversation-list": lambda world: ("", "?unread=true"),
    "message-list": lambda world: (
        f"?conversation={world.begun.pk}",
        f"?conversation={world.received.pk}&ordering=oldest",
    ),
    "case-list": lambda world: ("", "?ordering=reports", "?kind=comment"),
    "sanction-list": lambda world: ("", "?living=true"),
    "review-list": lambda world: ("", "?mine=true", "?ordering=likes", f"?course={world.course.pk}"),
    "course-list": lambda world: ("", "?reviewable=true"),
    "exam-note-list": lambda world: (
        "",
        "?mine=true",
        "?unlocked=true",
        f"?course={world.course.pk}&semester={world.semester.pk}",
    ),
    "friend-request-list": lambda world: ("", "?direction=received", "?direction=sent"),
    "lecture-list": lambda world: ("", f"?fits={world.timetable.pk}", "?ordering=saved"),
}
# Writes whose answer is a token, which differs each time; and reads that are no JSON of ours.
SIGNING_IN = {"auth-signup", "auth-login", "auth-refresh", "auth-logout"}
NO_CONTENT = SIGNING_IN | {"docs", "redoc", "schema", "export-download"}
# The one door: what it answers differs, and nothing else may.
DOOR = ("unmask-list", "POST")
# Whoever does it sees nothing more.
LEAVING = ("user-withdraw", "POST")
# The answer of a body that names the route's own object: see `BODIES`.
ACTIONS = sorted(key for key in MATRIX if key[1] != "GET" and key[0] not in NO_CONTENT)

# More bodies than the usual one: each way in which an action can be about an anonymous row, or a person.
Bodies = Callable[[World], list[dict[str, Any]]]
VARIANTS: dict[tuple[str, str], Bodies] = {
    ("post-list", "POST"): lambda world: [
        BODIES["post-list", "POST"](world) | {"media": [str(world.picture.pk)]},
    ],
    ("message-list", "POST"): lambda world: [
        *({"content": "쪽지"} | origin for origin in origins(world)),
        {"content": "쪽지", "comment": world.comment.pk, "is_anonymous": False},
        *({"content": "답장", "conversation": row.pk} for row in (world.begun, world.received)),
    ],
    ("block-list", "POST"): lambda world: [
        *origins(world),
        *({"conversation": row.pk} for row in (world.begun, world.received)),
        *({"user": str(person.pk)} for person in (world.owner, world.second)),
    ],
    ("report-list", "POST"): lambda world: [target | {"reason": "abuse"} for target in reported(world)],
    ("sanction-list", "POST"): lambda world: [
        {"kind": kind, "until": None, "reason": "abuse"} | whom
        for whom in (
            *reported(world),
            *({"user": str(person.pk)} for person in (world.owner, world.second)),
        )
        # Each through one thing that was written; who may not sign in is seen less than who may not write.
        for kind in (Sanction.Kind if whom == about("post", world.post) else [Sanction.Kind.NO_SIGN_IN])
    ],
    ("case-uphold", "POST"): lambda world: [
        {"note": "욕설"},
        {"note": "욕설", "sanction": {"kind": "no_writing", "until": None}},
        {"note": "욕설", "sanction": {"kind": "no_sign_in", "until": "2027-01-01T00:00:00+09:00"}},
    ],
    ("friend-request-list", "POST"): lambda world: [{"username": "owner"}, {"username": "moderator"}],
    ("notification-read-all", "PUT"): lambda world: [{"until": "2026-03-10T12:00:00+09:00"}],
    ("notification-settings", "PATCH"): lambda world: [{"reply": False}, {"message": False, "hot": True}],
    DOOR: lambda world: [target | {"reason": "영장"} for target in reported(world)],
}


def origins(world: World) -> list[dict[str, Any]]:
    """Each anonymous row, as the body of a message or a block names it."""
    comments = (world.comment, world.reply, world.answer)
    return [{"post": world.post.pk}, *({"comment": comment.pk} for comment in comments)]


def reported(world: World) -> list[dict[str, Any]]:
    comments = (world.comment, world.reply, world.answer)
    return [
        about("post", world.post),
        *(about("comment", comment) for comment in comments),
        about("message", world.message),
        about("exam_note", world.exam_note),
        about("review", world.review),
    ]


@dataclass(frozen=True)
class Act:
    """One write, on one path, with one body."""

    name: str
    method: str
    path: str
    body: dict[str, Any]

    @property
    def is_door(self) -> bool:
        return (self.name, self.method) == DOOR

    def by(self, client: Client) -> Any:
        return send(client, self.method, self.path, self.body)


def usual_acts(world: World, name: str, method: str) -> list[Act]:
    """An action on every row of its route."""
    body = BODIES.get((name, method), lambda world: {})(world)
    return [Act(name, method, path, body) for path in urls_of(name, params_of(name), world)]


def variants(world: World, name: str, method: str) -> list[Act]:
    """An action with each body of its own."""
    bodies = VARIANTS.get((name, method), lambda world: [])(world)
    return [Act(name, method, url_of(name, params_of(name), world), body) for body in bodies]


def params_of(name: str) -> tuple[str, ...]:
    return next(route.params for route in walk() if route.name == name)


def paths(world: World, action: str = "") -> Iterator[str]:
    """Every readable path that has to do with the anonymous rows or the two people.

    With the name of an action, those that it can change: see `sides_of`. What friends do changes what
    they and others are told of it.
    """
    sides = {route.name: sides_of(route) for route in walk()}
    touched = ("friend", "notification") if action.startswith("friend") else ("",)
    for route in walk():
        if "GET" not in route.methods or route.name in NO_CONTENT:
            continue
        if action and not sides[action] & sides[route.name]:
            continue
        if not route.name.startswith(touched):
            continue
        usual = QUERIES.get((route.name, "GET"), lambda world: "")
        queries = LIST_QUERIES.get(route.name, lambda world, usual=usual: (usual(world),))(world)
        for url in urls_of(route.name, route.params, world):
            yield from (url + query for query in queries)


def sides_of(route: Route) -> set[str]:
    """The timetable and the rest don't know each other. Of both is what people write there, and friends:

    timetables say who may write and whether the semester shows, and reports and sanctions are about it; a
    block by name takes a friend away.
    """
    if route.app != "timetable":
        return {"rest"}
    both = route.name.startswith(("course", "review", "exam-note", "point", "friend"))
    return {"timetable", "rest"} if both else {"timetable"}


class Views:
    """What each viewer sees, with clocks stopped and random ids taken out."""

    def __init__(self, world: World, viewers: tuple[str, ...] = VIEWERS) -> None:
        self.world = world
        self.clients = {viewer: Client(world.people[viewer]) for viewer in viewers}

    def client_of(self, actor: str) -> Client:
        """Who looks on also acts on that device: ending the others leaves it signed in."""
        return self.clients.get(actor) or Client(self.world.people[actor])

    def look(self, action: str = "") -> dict[tuple[str, str], Any]:
        return {
            (viewer, path): normal(client.get(path))
            for viewer, client in self.clients.items()
            for path in paths(self.world, action)
        }


def normal(response: Any) -> tuple[int, dict[str, str], str]:
    varying = ("X-Request-ID", "Content-Length")  # the latter by the digits of a new id
    headers = {name: value for name, value in response.items() if name not in varying}
    return response.status_code, headers, number_new_ids(response.content.decode())


# The id of a picture, an export or a session, what is random in the name of a file, an invitation's token.
PICTURES = re.compile(
    r'(?<="id":")[0-9a-f-]{36}(?=","(?:url|state|device)":)|[0-9a-f]{2}/[0-9a-f]{32}(?=\.(?:jpg|png|gif))'
    r'|(?<="token":")[0-9a-f]{32}'
)


def number_new_ids(body: str) -> str:
    """An action makes rows, whose ids a rolled back transaction does not give back everywhere.

    Ids are numbered by their order in the body, which says all that a reader can learn from them. So are the
    hashes that a calendar has in their place, and the ids and names of pictures, which are random.
    """
    seen: dict[tuple[str, str], str] = {}
    body = PICTURES.sub(lambda match: seen.setdefault(("picture", match[0]), f"#{len(seen)}"), body)
    holders = holders_of_ids(body)

    def number(match: re.Match) -> str:
        kind = next(holders) if match[1] == '"id":' else group(match[1])
        return match[1] + seen.setdefault((kind, match[2]), f"#{len(seen)}")

    return re.sub(
        r'("(?:id|parent|comment|conversation|friend_request)":|"target_id":"?|/comments/|/posts/|UID:)([0-9a-f]{32}|\d+)',
        number,
        body,
    )


def holders_of_ids(body: str) -> Iterator[str]:
    """For each `"id"` that is a number, in the order of the body, what kind of row it is of.

    An answer has rows of several tables in it: the id of one may by chance be that of another.
    """

    def walk_down(value: Any, holder: str) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from walk_down(item, holder)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "id" and isinstance(item, int):
                    yield "id" if holder in ("", "results", "replies") else holder
                yield from walk_down(item, key)

    yield from walk_down(json.loads(body) if body.startswith(("{", "[")) else None, "")


def group(name: str) -> str:
    return "id" if "parent" in name else name


# What one label covers, and so one person wrote: the worlds can differ in any of these.
LABELS: dict[str, Callable[[World], Q]] = {
    "the post": lambda world: Q(pk=world.post.pk),
    "the comment on a named post": lambda world: Q(pk=world.named_post.pk),
    "the comment on a question": lambda world: Q(pk=world.question.pk),
}
MESSAGE = "the message"
NOTES = "the exam notes"
REVIEW = "the review"
SWAPS = (*LABELS, MESSAGE, NOTES, REVIEW)


def swap_author(world: World, what: tuple[str, ...] = SWAPS) -> None:
    """From here on it was `second` who wrote what `owner` wrote under these labels."""
    for label in what:
        if label in BY_THEMSELVES:
            BY_THEMSELVES[label](world)
            continue
        # A list: MySQL changes no table that it reads in the same statement.
        posts = list(Post.objects.filter(LABELS[label](world)).values_list("pk", flat=True))
        comments = Comment.objects.filter(post__in=posts)
        pictures = PostMedia.objects.filter(post__in=posts, uploader=world.owner, post__is_anonymous=True)
        PostMedia.objects.filter(pk__in=list(pictures.values_list("pk", flat=True))).update(
            uploader=world.second
        )
        Post.objects.filter(pk__in=posts, author=world.owner, is_anonymous=True).update(author=world.second)
        comments.filter(author=world.owner, is_anonymous=True).update(author=world.second)
        sides = Participant.objects.filter(
            Q(conversation__origin_post__in=posts)
            | Q(conversation__origin_comment__in=list(comments.values_list("pk", flat=True))),
            is_initiator=False,
        )
        sides.filter(user=world.owner, is_anonymous=True).update(user=world.second)


def swap_initiator(world: World) -> None:
    begun = Conversation.objects.filter(initiator=world.owner)
    Participant.objects.filter(
        conversation__in=list(begun.values_list("pk", flat=True)), is_initiator=True, user=world.owner
    ).update(user=world.second)
    begun.update(initiator=world.second)


def swap_notes(world: World) -> None:
    """With the points that they earned."""
    ExamNote.objects.filter(author=world.owner).update(author=world.second)
    PointAccount.objects.filter(user=world.owner).update(user=world.second)
    PointEntry.objects.filter(user=world.owner).update(user=world.second)


def swap_review(world: World) -> None:
    Review.objects.filter(author=world.owner).update(author=world.second)


# What no label covers.
BY_THEMSELVES: dict[str, Callable[[World], None]] = {
    MESSAGE: swap_initiator,
    NOTES: swap_notes,
    REVIEW: swap_review,
}


def in_both_worlds(
    look: Callable[[World, Views], Any],
    viewers: tuple[str, ...] = VIEWERS,
    what: tuple[str, ...] = SWAPS,
) -> tuple[Any, Any]:
    # The clock stands still, so that notifications are listed by their ids, which are random elsewhere.
    ids = count(1)
    ordered = patch("accounts.models.notifications.secrets.randbelow", lambda limit: next(ids))
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False), ordered:
        world = make_world()
        views = Views(world, viewers)
        with undone(), known_aliases():
            first = look(world, views)
        swap_author(world, what)
        with undone(), known_aliases():
            second = look(world, views)
    return first, second


def known_aliases() -> Any:
    """What stands in the place of somebody who leaves is random, and told to those who decide."""
    numbers = count(1)
    return patch("accounts.services.withdrawal.uuid4", lambda: UUID(int=next(numbers)))


def assert_same(first: dict[Any, Any], second: dict[Any, Any]) -> None:
    different = {key: (first[key], second.get(key)) for key in first if first[key] != second.get(key)}
    assert not different, f"{len(different)} answers tell who wrote it: {next(iter(different.items()))}"


def test_the_swap_is_real():
    """The harness would notice: to the two people themselves the worlds do differ."""

    def look(world: World, views: Views) -> Any:
        client = Client(world.owner)
        return (
            client.get(f"/api/v1/posts/{world.post.pk}/").json()["is_mine"],
            client.get(f"/api/v1/comments/{world.reply.pk}/").json()["is_mine"],
            client.get(f"/api/v1/comments/{world.answer.pk}/").json()["is_mine"],
            len(client.get("/api/v1/conversations/").json()["results"]),
            client.get(f"/api/v1/exam-notes/{world.exam_note.pk}/").json()["is_mine"],
            client.get("/api/v1/points/").json()["balance"],
            client.get(f"/api/v1/reviews/{world.review.pk}/").json()["is_mine"],
            len(client.get("/api/v1/courses/?reviewable=true").json()["results"]),
        )

    wrote, wrote_not = (True, True, True, 2, True, 30, True, 0), (False, False, False, 0, False, 0, False, 1)
    assert in_both_worlds(look) == (wrote, wrote_not)


def test_the_user_is_told_of_what_stands_without_a_name():
    """So that what one is told is among what must not differ."""
    told = make_world().notifications
    assert {row.kind for row in told} >= {"comment", "reply", "message", "board_handover"}


def test_nobody_sees_a_difference():
    first, second = in_both_worlds(lambda world, views: views.look())
    assert len(first) > 250
    assert any("글쓴이" in body or "익명" in body for _status, _headers, body in first.values())
    assert_same(first, second)


def test_the_anonymous_post_is_among_the_popular_ones():
    """Lists of it would say nothing if it were not there."""
    world = make_world()
    client = Client(world.user)
    for query in ("hot=true", "best=true"):
        (row,) = client.get(f"/api/v1/posts/?{query}").json()["results"]
        assert row["id"] == world.post.pk
    (board,) = client.get("/api/v1/boards/?pinned=true").json()["results"]
    assert board["latest_post"] is not None


def test_every_write_is_an_action_here():
    writes = {(route.name, method) for route in walk() for method in route.methods if method != "GET"}
    assert {key for key in writes if key[0] not in NO_CONTENT} == set(ACTIONS)


def after_all(possible: Callable[..., list[Act]], actions: list[tuple[str, str]]) -> Any:
    """What each act answers at first, what all answer one after the other, and what is seen then."""

    def look(world: World, views: Views) -> Any:
        acts = [(act, who_can(action)) for action in actions for act in possible(world, *action)]
        seen: dict[Any, Any] = {}
        for number, act in enumerate(acts):
            with undone():
                seen["alone", number] = answer(views, *act)
        for number, act in enumerate(acts):
            seen["in turn", number] = answer(views, *act)
        assert {client.get("/api/v1/users/me/").status_code for client in views.clients.values()} == {200}
        return seen | views.look(actions[0][0])

    def answer(views: Views, act: Act, actor: str) -> Any:
        response = act.by(views.client_of(actor))
        return act, response.status_code if act.is_door else normal(response)

    return look


def who_can(action: tuple[str, str]) -> str:
    """A student who may do it, else one of those who decide; the histories below have all of them act.

    '' for what its author alone may do: see `AUTHORS_DEEDS`.
    """
    allowed = [actor for actor, status in zip(ACTORS, MATRIX[action], strict=True) if status < 400]
    return next((actor for actor in ("user", "moderator", "manager", "staff") if actor in allowed), "")


def in_groups(actions: Iterable[tuple[str, str]], size: int = 5) -> list[list[tuple[str, str]]]:
    """Actions that share a pair of worlds, as looking takes longest.

    Those of one route are in different groups: what one of them would show, the other may undo.
    """
    sides = {route.name: sides_of(route) for route in walk()}
    alike: dict[Any, list[tuple[str, str]]] = {}
    for action in actions:
        alike.setdefault((frozenset(sides[action[0]]), action[0].startswith("friend")), []).append(action)
    return [kind[n :: -(-len(kind) // size)] for kind in alike.values() for n in range(-(-len(kind) // size))]


@exhaustive
@pytest.mark.parametrize(
    "actions", in_groups(action for action in ACTIONS if who_can(action) and action != LEAVING)
)
def test_no_action_brings_out_a_difference(actions):
    assert_same(*in_both_worlds(after_all(usual_acts, actions), viewers=("user",)))


@exhaustive
def test_nor_does_it_when_somebody_leaves():
    assert_same(*in_both_worlds(after_all(usual_acts, [LEAVING]), viewers=("manager",)))


@exhaustive
@pytest.mark.parametrize("action", list(VARIANTS), ids="-".join)
def test_no_other_body_brings_out_a_difference(action):
    assert_same(*in_both_worlds(after_all(variants, [action]), viewers=(who_can(action),)))


# --- What one of the two does themselves --------------------------------------------------------------
def withdraw(world: World) -> None:
    leave(user=world.owner)


def withdraw_the_other(world: World) -> None:
    leave(user=world.second)


def rename(world: World) -> None:
    response = Client(world.owner).patch("/api/v1/users/me/", {"nickname": "새이름"})
    assert response.status_code == 200


def write_by_name(world: World) -> None:
    create_post(user=world.owner, board=world.board, title="실명", content="내용", is_anonymous=False)


def edit_the_question(world: World) -> None:
    """Whether it counts as answered, everybody sees by `edited_at`."""
    Client(world.owner).patch(f"/api/v1/posts/{world.question.pk}/", {"title": "새 제목"})


def delete_the_question(world: World) -> None:
    Client(world.owner).delete(f"/api/v1/posts/{world.question.pk}/")


def be_disabled(world: World) -> None:
    User.objects.filter(pk=world.owner.pk).update(is_active=False)


def be_sanctioned_by_name(world: World, kind: str = Sanction.Kind.NO_SIGN_IN) -> None:
    sanction_user(user=world.moderator, sanctioned=world.owner, kind=kind, until=None, reason="abuse")


def block_the_user(world: World) -> None:
    """What `user` sends to the owner's post is dropped from here on, or is not: nobody else can tell."""
    assert Client(world.owner).post("/api/v1/blocks/", {"user": str(world.user.pk)}).status_code == 201


def open_a_note(world: World) -> None:
    """Which takes the points that one of the two has, and the other has not."""
    Client(world.owner).post(f"/api/v1/exam-notes/{world.users_note.pk}/unlock/")


OWN_DEEDS = (rename, write_by_name, edit_the_question, delete_the_question, block_the_user, open_a_note)
BEFALLEN = (withdraw, withdraw_the_other, be_disabled, be_sanctioned_by_name)


# --- What the author does, whoever of the two that is ---------------------------------------------------
def author_of(world: World, row: Any) -> Client:
    row.refresh_from_db()
    author = row.author
    return Client(author)


def edit_anonymously(world: World) -> None:
    author_of(world, world.post).patch(f"/api/v1/posts/{world.post.pk}/", {"content": "새 내용"})


def delete_anonymously(world: World) -> None:
    author_of(world, world.reply).delete(f"/api/v1/comments/{world.reply.pk}/")


def comment_anonymously(world: World) -> None:
    url = f"/api/v1/posts/{world.post.pk}/comments/"
    author_of(world, world.post).post(url, {"content": "저예요", "is_anonymous": True})


def answer_the_message(world: World) -> None:
    body = {"conversation": world.begun.pk, "content": "글쓴이인데요"}
    author_of(world, world.post).post("/api/v1/messages/", body)


def write_to_the_user_again(world: World) -> None:
    initiator = Participant.objects.get(conversation=world.received, is_initiator=True).user
    Client(initiator).post("/api/v1/messages/", {"conversation": world.received.pk, "content": "저기요"})


def change_the_picture(world: World) -> None:
    author_of(world, world.post).patch(f"/api/v1/media/{world.picture.pk}/", {"caption": "새 설명"})


def delete_the_picture(world: World) -> None:
    author_of(world, world.post).delete(f"/api/v1/media/{world.picture.pk}/")


def edit_a_note(world: World) -> None:
    url = f"/api/v1/exam-notes/{world.exam_note.pk}/"
    author_of(world, world.exam_note).patch(url, {"samples": ["새 문제"]})


def delete_a_note(world: World) -> None:
    author_of(world, world.other_note).delete(f"/api/v1/exam-notes/{world.other_note.pk}/")


def edit_the_review(world: World) -> None:
    url = f"/api/v1/reviews/{world.review.pk}/"
    assert author_of(world, world.review).patch(url, {"rating": 1}).status_code == 200


def write_the_review_anew(world: World) -> None:
    author = author_of(world, world.review)
    assert author.delete(f"/api/v1/reviews/{world.review.pk}/").status_code == 204
    body = BODIES["review-list", "POST"](world)
    assert author.post("/api/v1/reviews/", body).status_code == 201


AUTHORS_DEEDS = (
    edit_the_review,
    write_the_review_anew,
    edit_anonymously,
    edit_a_note,
    delete_a_note,
    change_the_picture,
    delete_the_picture,
    delete_anonymously,
    comment_anonymously,
    answer_the_message,
    write_to_the_user_again,
)


@exhaustive
@pytest.mark.parametrize("deed", [*OWN_DEEDS, *AUTHORS_DEEDS, *BEFALLEN])
def test_what_one_of_the_two_does_tells_nothing(deed):
    def look(world: World, views: Views) -> Any:
        deed(world)
        return views.look()

    # Of what befalls them, those who decide see more than others.
    viewers = ("user", "staff") if deed in BEFALLEN else ("user",)
    assert_same(*in_both_worlds(look, viewers=viewers))


# --- Any of it, in any order, whichever rows the worlds differ in -----------------------------------------
@dataclass(frozen=True)
class Step:
    """One thing that happens: a write by one of the viewers, or a deed of the two."""

    actor: str
    action: tuple[str, str]
    number: int

    def __call__(self, world: World, views: Views) -> Any:
        possible = usual_acts(world, *self.action) + variants(world, *self.action)
        act = possible[self.number % len(possible)]
        response = act.by(views.client_of(self.actor))
        return response.status_code if act.is_door else normal(response)


steps = st.builds(Step, st.sampled_from(ACTING), st.sampled_from(ACTIONS), st.integers(0, 20))
# The two act first: who is kept from writing falls silent under every name, which can't be closed (see
# docs/decisions/0011). What befalls them, and what all others do, comes in any order.
deeds = st.lists(st.sampled_from((*OWN_DEEDS, *AUTHORS_DEEDS)), max_size=2, unique=True)
histories = st.builds(
    list.__add__,
    deeds,
    st.lists(st.one_of(steps, steps, steps, st.sampled_from(BEFALLEN)), min_size=1, max_size=4),
)


@exhaustive
@settings(
    max_examples=int(os.environ.get("NON_INTERFERENCE_EXAMPLES", "10")),
    deadline=None,
    derandomize="NON_INTERFERENCE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    # A smaller history would be found in minutes; the first one found says enough.
    phases=(Phase.explicit, Phase.generate),
)
@given(
    what=st.lists(st.sampled_from(SWAPS), min_size=1, unique=True).map(tuple),
    history=histories,
    viewers=st.lists(st.sampled_from(VIEWERS), min_size=2, max_size=2, unique=True).map(tuple),
)
def test_no_history_brings_out_a_difference(what, history, viewers):
    def look(world: World, views: Views) -> Any:
        answers = {
            ("answer", number): happening(world, views) if isinstance(happening, Step) else happening(world)
            for number, happening in enumerate(history)
        }
        return answers | views.look()

    with undone():
        assert_same(*in_both_worlds(look, viewers, what))
