"""What is only read can't be written: every such field there is, sent along with every body there is."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import BooleanField
from drf_spectacular.generators import SchemaGenerator

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


def components() -> dict[str, Any]:
    return SchemaGenerator().get_schema(public=True)["components"]["schemas"]


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


def request(world: World, key: tuple[str, str], more: dict[str, Any]) -> Any:
    """By the first who may, with what the body does not have itself."""
    name, method = key
    params = next(route.params for route in walk() if route.name == name)
    body = BODIES[key](world)
    status = dict(zip(ACTORS, MATRIX[key], strict=True))
    actor = next(actor for actor in ACTORS if status[actor] < 400)
    client = Client(world.people[actor])
    return send(client, method, url_of(name, params, world), more | body)


WRITES = [key for key in BODIES if min(MATRIX[key]) < 400 or any(status < 400 for status in MATRIX[key])]


def test_there_are_many_of_both():
    assert len(read_only_fields(components())) > 80
    assert len(WRITES) > 40


def test_the_search_would_notice():
    world = make_world()
    before = booleans()
    type(world.post).objects.filter(pk=world.post.pk).update(hot_at=DATE, alias_count=NUMBER)
    type(world.user).objects.filter(pk=world.user.pk).update(is_moderator=True, name=TEXT)
    assert forged_rows() == {"board.Post.hot_at", "board.Post.alias_count", "accounts.User.name"}
    assert booleans() != before


def test_no_write_takes_a_field_that_is_only_read():
    schemas = components()
    fields = read_only_fields(schemas)
    # A name that some request takes means something there; in others it is sent all the same.
    world = make_world()
    assert not forged_rows()
    for key in WRITES:
        own = taken_by(schemas, key)
        more = {name: value for name, value in fields.items() if name not in own}
        with undone():
            plain = request(world, key, {})
            before = booleans()
        with undone():
            forged = request(world, key, more)
            assert forged.status_code == plain.status_code, (key, forged.content)
            assert not forged_rows(), key
            assert booleans() == before, key


def taken_by(schemas: dict[str, Any], key: tuple[str, str]) -> set[str]:
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
