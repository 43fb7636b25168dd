"""Whatever comes in headers, queries, paths and bodies is answered in the one shape, and never by a 500."""

import json
import os
import re
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.tests.world import World, make_world, undone
from conftest import Client

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SOME = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES") or 0) * 20 or 40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
)
# What a client can put into a header: anything but the ends of lines, in one byte a character.
HEADERS = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
NUMBERS = st.sampled_from(
    ["0", "-1", "1e400", "9" * 400, "NaN", "١٢", "0x10", "1_000", " 1", "2" * 19, "true"]
)
TEXTS = st.text(max_size=40) | NUMBERS | st.sampled_from(["\0", "%00", "\ud800", "‮", "a" * 5000, ",,,", "[]"])
DATES = st.sampled_from(["2026-02-30", "10000-01-01", "0000-00-00T00:00:00Z", "2026-03-10T12:00:00+99:99"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | DATES
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world) -> Client:
    return Client(world.user, raise_request_exception=True)


def assert_answered(response: Any) -> None:
    """A redirect is none of ours, and neither is a page in HTML."""
    assert response.status_code < 500, response.content
    if response.status_code >= 400:
        body = response.json()
        assert set(body) == {"type", "errors"}
        assert all(set(error) == {"code", "detail", "attr", "meta"} for error in body["errors"])
        assert body["errors"]


# --- Headers ------------------------------------------------------------------------------------------
@SOME
@given(
    name=st.sampled_from(
        [
            "HTTP_ACCEPT",
            "HTTP_ACCEPT_LANGUAGE",
            "HTTP_AUTHORIZATION",
            "HTTP_COOKIE",
            "HTTP_IDEMPOTENCY_KEY",
            "HTTP_ORIGIN",
            "HTTP_USER_AGENT",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_REQUEST_ID",
        ]
    ),
    value=HEADERS,
)
@example("HTTP_AUTHORIZATION", "Bearer " + "a" * 4000)
@example("HTTP_AUTHORIZATION", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")
@example("HTTP_ACCEPT_LANGUAGE", "ko;q=abc,*;q=2," + "x-" * 300)
def test_any_header_is_taken_or_refused(client, world, name, value):
    with undone():
        for method, path, body in [
            ("get", "posts/", None),
            ("post", f"posts/{world.post.pk}/comments/", {"content": "댓글"}),
            ("post", "auth/login/", {"username": "nobody", "password": "wrong-horse-7"}),
        ]:
            assert_answered(getattr(client, method)(f"/api/v1/{path}", body, **{name: value}))


# --- Queries and paths ---------------------------------------------------------------------------------
@cache
def params_of_lists() -> dict[str, list[str]]:
    """The parameters of each path that has some, as its schema says."""
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    params = {
        path: [param["name"] for param in operations["get"].get("parameters", []) if param["in"] == "query"]
        for path, operations in paths.items()
        if "get" in operations
    }
    return {path: names for path, names in params.items() if names}


@SOME
@given(data=st.data())
def test_any_value_of_any_parameter_is_taken_or_refused(client, world, data):
    path = data.draw(st.sampled_from(sorted(params_of_lists())))
    names = st.sampled_from(params_of_lists()[path])
    values = data.draw(st.dictionaries(names, TEXTS | DATES, min_size=1, max_size=3))
    path = re.sub(r"{\w+}", str(world.post.pk), path)
    query = urlencode(values, errors="surrogatepass")
    with undone():
        assert_answered(client.get(f"{path}?{query}"))


@SOME
@given(value=TEXTS | DATES)
@example("9" * 4300)
@example("../../etc/passwd")
def test_any_id_in_any_path_is_there_or_404(client, value):
    piece = quote(value.encode(errors="surrogatepass"), safe="")
    for path in (
        "posts/{}/",
        "comments/{}/",
        "media/{}/",
        "lectures/{}/",
        "shared-timetables/{}/",
        "sanctions/{}/",
    ):
        assert_answered(client.get(f"/api/v1/{path.format(piece)}"))


# --- Bodies -------------------------------------------------------------------------------------------
WRITES = [
    "posts/",
    "messages/",
    "reports/",
    "blocks/",
    "timetables/",
    "timetables/generate/",
    "reviews/",
    "auth/signup/",
]


@SOME
@given(path=st.sampled_from(WRITES), body=BODIES)
def test_any_json_is_taken_or_refused(client, path, body):
    text = json.dumps(body).encode()
    with undone():
        assert_answered(client.post(f"/api/v1/{path}", data=text, content_type="application/json"))


@SOME
@given(
    path=st.sampled_from(WRITES),
    body=st.binary(max_size=80),
    kind=st.sampled_from(
        ["application/json", "application/json; charset=utf-16", "multipart/form-data", "text/xml", ""]
    ),
)
@example("posts/", b"\xef\xbb\xbf{}", "application/json")
@example("posts/", b'{"title": "a", "title": "b"}', "application/json")
@example("posts/", b'{"board": NaN}', "application/json")
@example("posts/", b'{"board": 1e999}', "application/json")
@example("posts/", b'{"title": "\\ud800"}', "application/json")
@example("posts/", b"[" * 100_000, "application/json")
@example("posts/", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "application/json")
@example("posts/", b'{"board": ' + b"9" * 5_000 + b"}", "application/json")
@example("media/", b"--x\r\n\r\n", "multipart/form-data; boundary=x")
def test_any_bytes_are_taken_or_refused(client, path, body, kind):
    with undone():
        assert_answered(client.generic("POST", f"/api/v1/{path}", body, content_type=kind))


@SOME
@given(data=st.data())
def test_any_field_of_a_good_body_can_be_anything(client, world, data):
    good: dict[str, dict[str, Any]] = {
        "posts/": {
            "board": world.board.pk,
            "title": "제목",
            "content": "내용",
            "is_anonymous": True,
            "media": [],
        },
        "messages/": {"post": world.post.pk, "content": "쪽지", "is_anonymous": True},
        "timetables/generate/": {
            "semester": world.semester.pk,
            "groups": [{"lectures": [world.lecture.pk]}],
        },
    }
    path = data.draw(st.sampled_from(sorted(good)))
    name = data.draw(st.sampled_from(sorted(good[path])))
    body = good[path] | {name: data.draw(BODIES)}
    with undone():
        response = client.post(
            f"/api/v1/{path}", data=json.dumps(body).encode(), content_type="application/json"
        )
    assert_answered(response)
    assert connection.in_atomic_block
