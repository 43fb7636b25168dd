"""Every rate that can be set limits something: each action that names one, as the views have them."""

from typing import Any

import pytest
from django.conf import settings

from api.tests.helpers import codes
from api.throttling import ActionThrottle
from config.tests.test_mass_assignment import walk_callbacks
from config.tests.test_permission_matrix import QUERIES, send
from config.tests.world import make_world, undone, url_of, walk
from conftest import Client

# Which database is behind it makes no difference.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# What a list is asked for where its rate counts.
ASKED = QUERIES | {("post-list", "GET"): lambda world: "?search=익명"}
# Who gets as far as the rate, where an ordinary user does not.
WHO = {("board-offer", "POST"): "manager"}
# By user, or by network whoever asks.
SCOPES = ("throttle_scopes", "network_throttle_scopes")


def limited() -> list[tuple[str, str, str]]:
    """Route, method and scope of every action that names one."""
    return sorted(
        (pattern.name, method.upper(), scopes[action])
        for pattern in walk_callbacks()
        for scopes in (getattr(pattern.callback.cls, kind, {}) for kind in SCOPES)
        for method, action in pattern.callback.actions.items()
        if method != "head" and action in scopes
    )


def test_every_rate_has_an_action_and_every_scope_a_rate():
    rates = set(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    assert {scope for _name, _method, scope in limited()} == rates
    routed: dict[Any, set[str]] = {}
    for pattern in walk_callbacks():
        routed.setdefault(pattern.callback.cls, set()).update(pattern.callback.actions.values())
    for view, actions in routed.items():
        for kind in SCOPES:
            assert set(getattr(view, kind, {})) <= actions, view


def test_each_limited_action_is_told_to_wait(monkeypatch):
    """Nothing is sent: what is refused afterwards counts, and one who left could not ask twice."""
    world = make_world()
    for name, method, scope in limited():
        params = next(route.params for route in walk() if route.name == name)
        path = url_of(name, params, world) + ASKED.get((name, method), lambda world: "")(world)
        with undone(), monkeypatch.context() as patch:
            client = Client(world.people[WHO.get((name, method), "user")])
            assert send(client, method, path, {}).status_code not in (401, 403, 404, 429), (name, method)
            patch.setitem(ActionThrottle.THROTTLE_RATES, scope, "1/min")
            first, second = (send(client, method, path, {}) for _ in range(2))
            assert first.status_code != 429, (name, method, scope)
            assert second.status_code == 429, (name, method, scope, second.content)
            assert codes(second) == {(None, "throttled")}
            assert 0 < int(second["Retry-After"]) <= 60


def test_an_action_that_is_not_limited_leaves_the_others_alone(monkeypatch):
    """A rate counts where it is named: with all of them used up, the other routes answer."""
    world = make_world()
    for scope in settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]:
        monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, scope, "1/min")
    named = {(name, method) for name, method, _scope in limited()}
    client = Client(world.user)
    for route in walk():
        if "GET" in route.methods and (route.name, "GET") not in named:
            query = QUERIES.get((route.name, "GET"), lambda world: "")(world)
            path = url_of(route.name, route.params, world) + query
            assert [client.get(path).status_code == 429 for _ in range(3)] == [False] * 3, route.name
