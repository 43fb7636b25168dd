"""What is only read can't be written: every such field there is, sent along with every body there is."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import BooleanField
from django.urls import resolve
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.codes import hash_code
from accounts.models import User, Verification
from accounts.services.sessions import start_session
from accounts.tokens import issue
from config.tests.test_permission_matrix import BODIES, MATRIX, send
from config.tests.world import ACTORS, World, make_world, undone, url_of, walk
from conftest import Client

# What a body may say is decided in Python, whatever the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NUMBER, TEXT, DATE = 987_654, "forged-by-nobody", "1987-06-05T04:03:02Z"
FORGED = {
    "integer": NUMBER,
    "number": NUMBER,
    "string": TEXT,
    "boolean": True,
    "array": [NUMBER],
    "object": {},
}


CODE = "K7QM-2XRD"


def code_for(purpose: str, user: User, address: str) -> dict[str, Any]:
    """A body that confirms what was mailed."""
    row = Verification.objects.create(
        user=user,
        purpose=purpose,
        address=address,
        language="en",
        expires_at=timezone.now() + timedelta(minutes=10),
    )
    Verification.objects.filter(pk=row.pk).update(code_hash=hash_code(CODE, row.pk))
    return {"code": CODE}


# Who succeeds with which body, where the matrix asks without one or nobody in it succeeds.
SUCCEEDS: dict[tuple[str, str], tuple[str, Callable[[World], dict[str, Any]]]] = {
    ("auth-refresh", "POST"): ("stranger", lambda world: {"refresh": refresh_of(world.user)}),
    ("auth-logout", "POST"): ("stranger", lambda world: {"refresh": refresh_of(world.user)}),
    ("email-confirm", "POST"): ("user", lambda world: code_for("email", world.user, "new@example.com")),
    ("verification-confirm", "POST"): (
        "unverified",
        lambda world: code_for("school", world.unverified, "minji@madang.ac.kr"),
    ),
    ("auth-reset-confirm", "POST"): (
        "stranger",
        lambda world: (
            code_for("password", world.owner, world.owner.email)
            | {"email": world.owner.email, "new_password": "staple-battery-9"}
        ),
    ),
    ("conversation-read", "PUT"): ("user", lambda world: {"message": world.begun.messages.get().pk}),
    ("notification-read-all", "PUT"): ("user", lambda world: {"until": timezone.now().isoformat()}),
    ("timetable-duplicate", "POST"): ("user", lambda world: {"name": "플랜 B"}),
}


def refresh_of(user: User) -> str:
    return issue(start_session(user=user)).refresh


def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(public=True)


def writes(schema: dict[str, Any]) -> set[tuple[str, str]]:
    """Route and method of every operation that takes a body."""
    return {
        (route_of(path), method.upper())
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }


def route_of(path: str) -> str:
    """The name of the route, whose ids are numbers or UUIDs; what is neither is caught without a name."""
    found = (resolve(re.sub(r"\{\w+\}", value, path)).url_name for value in ("1", str(UUID(int=0))))
    return next(name for name in found if name)


def read_only_fields(schemas: dict[str, Any]) -> dict[str, Any]:
    """Each field that some answer has and that is only read, and a value that none of ours has."""
    fields: dict[str, Any] = {}
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if field.get("readOnly"):
                kind = field.get("type", "string")
                kind = kind if isinstance(kind, str) else next(one for one in kind if one != "null")
                fields[name] = DATE if field.get("format") == "date-time" else FORGED[kind]
    # What no answer has at all, and rows do.
    return fields | {
        "is_superuser": True,
        "password_hash": TEXT,
        "user": NUMBER,
        "user_id": NUMBER,
        "author_id": NUMBER,
        "school_id": NUMBER,
        "deleted_at": DATE,
        "hidden_at": DATE,
        "hot_at": DATE,
        "alias_number": NUMBER,
        "balance": NUMBER,
        "revoked_at": DATE,
        "share_token": TEXT,
    }


def booleans() -> dict[str, int]:
    """How many rows say yes, by column."""
    return {
        f"{model._meta.label}.{field.name}": model._default_manager.filter(**{field.name: True}).count()
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BooleanField)
    }


def forged_rows() -> set[str]:
    """Where in the database something forged stands."""
    found = set()
    for model in apps.get_models():
        for row in model._default_manager.values():
            found |= {
                f"{model._meta.label}.{name}"
                for name, value in row.items()
                if value == NUMBER or TEXT in str(value) or str(value).startswith("1987-06-05")
            }
    return found


def sound(key: tuple[str, str]) -> tuple[str, Callable[[World], dict[str, Any]]]:
    """Who may, and with which body."""
    if key in SUCCEEDS:
        return SUCCEEDS[key]
    status = dict(zip(ACTORS, MATRIX[key], strict=True))
    return next(actor for actor in ACTORS if status[actor] < 400), BODIES[key]


def request(world: World, key: tuple[str, str], more: dict[str, Any]) -> Any:
    """By one who may, with what the body does not have itself."""
    name, method = key
    params = next(route.params for route in walk() if route.name == name)
    actor, body = sound(key)
    client = Client(world.people[actor])
    return send(client, method, url_of(name, params, world), more | body(world))


def test_there_are_many_of_both():
    schema = document()
    assert len(read_only_fields(schema["components"]["schemas"])) > 80
    assert len(writes(schema)) > 40


def test_every_operation_that_takes_a_body_has_one_to_forge():
    assert {key for key in writes(document()) if key not in SUCCEEDS and key not in BODIES} == set()


def test_the_search_would_notice():
    world = make_world()
    before = booleans()
    type(world.post).objects.filter(pk=world.post.pk).update(hot_at=DATE, alias_count=NUMBER)
    type(world.user).objects.filter(pk=world.user.pk).update(is_moderator=True, name=TEXT)
    assert forged_rows() == {"board.Post.hot_at", "board.Post.alias_count", "accounts.User.name"}
    assert booleans() != before


def test_no_write_takes_a_field_that_is_only_read():
    schema = document()
    fields = read_only_fields(schema["components"]["schemas"])
    # A name that some request takes means something there; in others it is sent all the same.
    world = make_world()
    assert not forged_rows()
    for key in sorted(writes(schema)):
        own = taken_by(key)
        more = {name: value for name, value in fields.items() if name not in own}
        with undone():
            plain = request(world, key, {})
            assert plain.status_code < 400, (key, plain.content)
            before = booleans()
        with undone():
            forged = request(world, key, more)
            assert forged.status_code == plain.status_code, (key, forged.content)
            assert not forged_rows(), key
            assert booleans() == before, key


def taken_by(key: tuple[str, str]) -> set[str]:
    """The fields that a request of this route may have, by its view's own serializer."""
    name, method = key
    for pattern in walk_callbacks():
        if pattern.name == name:
            view = pattern.callback.cls()
            view.action = pattern.callback.actions[method.lower()]
            serializer = view.get_write_serializer_class() or view.get_serializer_class()
            return set(serializer().fields) if serializer is not None else set()
    raise AssertionError(name)


def walk_callbacks() -> Any:
    from django.urls import URLPattern, get_resolver

    def down(patterns: Any) -> Any:
        for entry in patterns:
            if isinstance(entry, URLPattern):
                if entry.name and hasattr(entry.callback, "actions"):
                    yield entry
            else:
                yield from down(entry.url_patterns)

    return down(get_resolver().url_patterns)
