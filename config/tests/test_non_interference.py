"""Anonymity, as a test: nobody can tell who of two people wrote something anonymous.

One world is looked at twice: once `owner` wrote the anonymous rows, once `second` did, and nothing else
differs. Every route answers every other viewer with the same status, headers and body, at first and
after each action. A new route or action fails until it stands here.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from board.models import Comment, Post
from board.services.posts import create_post
from config.tests.test_permission_matrix import BODIES, MATRIX
from config.tests.world import World, make_world, walk
from conftest import Client

pytestmark = pytest.mark.django_db

VIEWERS = ("stranger", "other_school", "unverified", "user", "manager", "moderator", "staff")
ACTING = ("user", "manager", "moderator", "staff")

# Filters that could tell, on every list that has them.
LIST_QUERIES = {
    "post-list": ("", "?mine=true", "?commented=true", "?liked=true", "?ordering=likes", "?search=익명"),
    "board-list": ("", "?pinned=true"),
}
# Writes whose answer is a token, which differs each time; and reads that are no JSON of ours.
NO_CONTENT = {"auth-signup", "auth-login", "auth-refresh", "auth-logout", "docs", "redoc", "schema"}
# The answer of a body that names the route's own object: see `BODIES`.
ACTIONS = sorted(key for key in MATRIX if key[1] != "GET" and key[0] not in NO_CONTENT)


def paths(world: World) -> Iterator[str]:
    """Every readable path that has to do with the anonymous rows or the two people."""
    ids = {
        "pk": {
            "school": [world.school.pk],
            "user": [world.owner.pk, world.second.pk],
            "board": [world.board.pk],
            "post": [world.post.pk, world.named_post.pk, world.question.pk],
            "comment": [world.comment.pk, world.reply.pk],
        },
        "post_id": [world.post.pk, world.named_post.pk, world.question.pk],
        "comment_id": [world.comment.pk, world.reply.pk],
    }
    for route in walk():
        if "GET" not in route.methods or route.name in NO_CONTENT:
            continue
        if not route.params:
            for query in LIST_QUERIES.get(route.name, ("",)):
                yield reverse(route.name) + query
            continue
        (param,) = route.params
        values = ids[param]
        values = values[route.name.split("-")[0]] if isinstance(values, dict) else values
        for value in values:
            yield reverse(route.name, args=[value])


class Views:
    """What each viewer sees, with clocks stopped and random ids taken out."""

    def __init__(self, world: World, viewers: tuple[str, ...] = VIEWERS) -> None:
        self.world = world
        self.clients = {viewer: Client(world.people[viewer]) for viewer in viewers}

    def look(self) -> dict[tuple[str, str], Any]:
        return {
            (viewer, path): normal(client.get(path))
            for viewer, client in self.clients.items()
            for path in paths(self.world)
        }


def normal(response: Any) -> tuple[int, dict[str, str], str]:
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    return response.status_code, headers, number_new_ids(response.content.decode())


def number_new_ids(body: str) -> str:
    """An action makes rows, whose ids a rolled back transaction does not give back everywhere.

    Ids are numbered by their order in the body, which says all that a reader can learn from them.
    """
    seen: dict[str, str] = {}
    return re.sub(
        r'("id":|"parent":|/comments/|/posts/)(\d+)',
        lambda match: match[1] + seen.setdefault(match[2], f"#{len(seen)}"),
        body,
    )


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def swap_author(world: World) -> None:
    """From here on it was `second` who wrote what `owner` wrote anonymously."""
    for model in (Post, Comment):
        model.objects.filter(author=world.owner, is_anonymous=True).update(author=world.second)


def in_both_worlds(
    look: Callable[[World, Views], Any], viewers: tuple[str, ...] = VIEWERS
) -> tuple[Any, Any]:
    with time_machine.travel("2026-03-10T12:00:00+09:00", tick=False):
        world = make_world()
        views = Views(world, viewers)
        with undone():
            first = look(world, views)
        swap_author(world)
        with undone():
            second = look(world, views)
    return first, second


def test_the_swap_is_real():
    """The harness would notice: to the two people themselves the worlds do differ."""

    def look(world: World, views: Views) -> Any:
        return Client(world.owner).get(f"/api/v1/posts/{world.post.pk}/").json()["is_mine"]

    assert in_both_worlds(look) == (True, False)


def test_nobody_sees_a_difference():
    first, second = in_both_worlds(lambda world, views: views.look())
    assert len(first) > 100
    assert any("글쓴이" in body or "익명" in body for _status, _headers, body in first.values())
    assert_same(first, second)


def assert_same(first: dict[Any, Any], second: dict[Any, Any]) -> None:
    different = {key: (first[key], second[key]) for key in first if first[key] != second[key]}
    assert not different, f"{len(different)} answers tell who wrote it: {next(iter(different.items()))}"


def test_every_write_is_an_action_here():
    writes = {(route.name, method) for route in walk() for method in route.methods if method != "GET"}
    assert {key for key in writes if key[0] not in NO_CONTENT} == set(ACTIONS)


@pytest.mark.parametrize("actor", ACTING)
@pytest.mark.parametrize(("name", "method"), ACTIONS, ids=[f"{method}-{name}" for name, method in ACTIONS])
def test_no_action_brings_out_a_difference(name, method, actor):
    def look(world: World, views: Views) -> Any:
        seen = {}
        for target in targets(name, world):
            with undone():
                body = json.dumps(BODIES.get((name, method), lambda world: {})(world))
                response = views.clients[actor].generic(method, target, body, "application/json")
                seen["answer", target] = normal(response)
                seen |= {(target, *key): value for key, value in views.look().items()}
        return seen

    first, second = in_both_worlds(look, viewers=tuple({actor, "user", "staff"}))
    assert_same(first, second)


def targets(name: str, world: World) -> list[str]:
    """The paths an action is tried on: each anonymous row it could be about."""
    if name.startswith("post-comment"):
        return [reverse(name, args=[world.post.pk]), reverse(name, args=[world.named_post.pk])]
    kind = name.split("-")[0]
    if name in ("board-list", "board-pins", "post-list", "user-me"):
        return [reverse(name)]
    pks = {
        "board": [world.board.pk],
        "post": [world.post.pk],
        "comment": [world.comment.pk, world.reply.pk],
    }[kind]
    return [reverse(name, args=[pk]) for pk in pks]


def withdraw(world: World, views: Views) -> None:
    User.objects.filter(pk=world.owner.pk).delete()


def withdraw_the_other(world: World, views: Views) -> None:
    User.objects.filter(pk=world.second.pk).delete()


def rename(world: World, views: Views) -> None:
    response = Client(world.owner).patch("/api/v1/users/me/", {"nickname": "새이름"})
    assert response.status_code == 200


def write_by_name(world: World, views: Views) -> None:
    create_post(user=world.owner, board=world.board, title="실명", content="내용", is_anonymous=False)


def edit_the_question(world: World, views: Views) -> None:
    """Whether it counts as answered, everybody sees by `edited_at`."""
    Client(world.owner).patch(f"/api/v1/posts/{world.question.pk}/", {"title": "새 제목"})


def delete_the_question(world: World, views: Views) -> None:
    Client(world.owner).delete(f"/api/v1/posts/{world.question.pk}/")


def be_disabled(world: World, views: Views) -> None:
    User.objects.filter(pk=world.owner.pk).update(is_active=False)


@pytest.mark.parametrize(
    "act",
    [
        withdraw,
        withdraw_the_other,
        rename,
        write_by_name,
        be_disabled,
        edit_the_question,
        delete_the_question,
    ],
)
def test_what_one_of_the_two_does_tells_nothing(act):
    def look(world: World, views: Views) -> Any:
        act(world, views)
        return views.look()

    first, second = in_both_worlds(look)
    assert_same(first, second)
