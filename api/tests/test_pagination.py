"""Keyset pages: nothing twice, nothing skipped, both ways, whatever ties and whatever changes meanwhile."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from api.pagination import Cursor
from api.tests.helpers import codes

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
SCHOOLS = "/api/v1/schools/"


@pytest.fixture
def board(user):
    return user.school.boards.create(category="general", name="자유게시판")


def make_posts(board, number, **fields):
    """`number` posts; their ids, oldest first."""
    make = board.posts.model
    board.posts.bulk_create(
        [
            make(
                board=board, school_id=board.school_id, title=f"{n}", content="", is_anonymous=True, **fields
            )
            for n in range(number)
        ]
    )
    return list(board.posts.order_by("id").values_list("id", flat=True))[-number:]


def get(api, url, **params):
    answer = api.get(url, params or None)
    assert answer.status_code == 200, answer.content
    return answer.json()


def ids(page):
    return [row["id"] for row in page["results"]]


def walk(api, url, link="next"):
    """The pages from `url` on, in the direction of `link`."""
    seen = set()
    while url:
        assert url not in seen, "a page comes again"
        seen.add(url)
        page = get(api, url)
        yield page
        url = page[link]


def cursor_of(url):
    return parse_qs(urlsplit(url).query)["cursor"][0]


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


# --- Walking ---
def test_5000_posts_with_as_many_likes_are_walked_to_the_end_and_back(api, board):
    posts = make_posts(board, 5000)[::-1]
    forward = list(walk(api, f"{POSTS}?ordering=likes&page_size=100"))
    assert [pk for page in forward for pk in ids(page)] == posts
    assert [len(page["results"]) for page in forward] == [100] * 50

    back = list(walk(api, forward[-1]["previous"], "previous"))[::-1]
    assert [pk for page in back for pk in ids(page)] == posts[:-100]
    assert ids(back[0]) == ids(forward[0])
    assert back[0]["previous"] is None


def test_a_list_ordered_by_likes_falls_back_on_the_newest(api, board):
    posts = make_posts(board, 6)
    for pk, likes in zip(posts, (1, 0, 3, 1, 3, 0), strict=True):
        board.posts.filter(pk=pk).update(like_count=likes)
    order = [posts[n] for n in (4, 2, 3, 0, 5, 1)]
    for size in range(1, 8):
        pages = list(walk(api, f"{POSTS}?ordering=likes&page_size={size}"))
        assert [pk for page in pages for pk in ids(page)] == order


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(likes=st.lists(st.integers(0, 2), max_size=9), size=st.integers(1, 4))
def test_any_walk_shows_every_post_once_both_ways(api, board, likes, size):
    board.posts.all().delete()
    for pk, count in zip(make_posts(board, len(likes)) if likes else [], likes, strict=True):
        board.posts.filter(pk=pk).update(like_count=count)
    expected = list(board.posts.order_by("-like_count", "-id").values_list("id", flat=True))
    pages = list(walk(api, f"{POSTS}?ordering=likes&page_size={size}"))
    assert [pk for page in pages for pk in ids(page)] == expected
    back = list(walk(api, pages[-1]["previous"], "previous"))[::-1]
    assert [ids(page) for page in back] == [ids(page) for page in pages[:-1]]


def test_links_keep_the_parameters_of_the_list(api, board):
    make_posts(board, 3)
    page = get(api, POSTS, ordering="likes", page_size=1, board=board.pk)
    query = parse_qs(urlsplit(page["next"]).query)
    assert query.pop("cursor")
    assert query == {"ordering": ["likes"], "page_size": ["1"], "board": [str(board.pk)]}


def test_one_page_has_no_links(api, board):
    make_posts(board, 3)
    page = get(api, POSTS, page_size=3)
    assert (len(page["results"]), page["next"], page["previous"]) == (3, None, None)
    assert get(api, SCHOOLS, search="없는학교") == {"next": None, "previous": None, "results": []}


def test_a_cursor_says_nothing_but_the_order_keys(api, board):
    posts = make_posts(board, 2)
    page = get(api, POSTS, ordering="likes", page_size=1)
    encoded = cursor_of(page["next"])
    assert json.loads(base64.urlsafe_b64decode(encoded + "==")) == ["-like_count,-id", 0, 0, 0, posts[1]]


# --- Changes between the pages ---
def test_what_is_written_meanwhile_shifts_no_page(api, board):
    posts = make_posts(board, 4)[::-1]
    first = get(api, POSTS, page_size=2)
    (new,) = make_posts(board, 1)
    second = get(api, first["next"])
    assert ids(first) + ids(second) == posts
    # Backward it is there, before what was read.
    back = get(api, second["previous"])
    assert ids(back) == ids(first)
    assert ids(get(api, back["previous"])) == [new]


def test_what_is_deleted_meanwhile_shifts_no_page(api, board):
    posts = make_posts(board, 6)[::-1]
    first = get(api, POSTS, page_size=2)
    # The very row that the cursor names, and one before it.
    board.posts.filter(pk__in=posts[:2]).delete()
    second = get(api, first["next"])
    assert ids(second) == posts[2:4]
    assert ids(get(api, second["next"])) == posts[4:]


def test_a_page_that_became_empty_leads_back(api, board):
    posts = make_posts(board, 4)[::-1]
    first = get(api, POSTS, page_size=2)
    board.posts.filter(pk__in=posts[2:]).delete()
    empty = get(api, first["next"])
    assert (empty["results"], empty["next"]) == ([], None)
    back = get(api, empty["previous"])
    assert (ids(back), back["previous"]) == (posts[:2], None)


def test_an_empty_page_leads_back_even_without_the_row_it_began_at(api, board):
    posts = make_posts(board, 4)[::-1]
    first = get(api, POSTS, page_size=2)
    board.posts.filter(pk__in=posts[1:]).delete()
    empty = get(api, first["next"])
    assert ids(get(api, empty["previous"])) == posts[:1]


def test_an_empty_page_before_the_first_leads_to_the_first(api, board):
    posts = make_posts(board, 4)[::-1]
    second = get(api, get(api, POSTS, page_size=2)["next"])
    board.posts.filter(pk__in=posts[:2]).delete()
    empty = get(api, second["previous"])
    assert (empty["results"], empty["previous"]) == ([], None)
    assert ids(get(api, empty["next"])) == posts[2:]


# --- Page sizes ---
@pytest.mark.parametrize(("given", "rows"), [(None, 20), ("1", 1), ("100", 100), ("007", 7)])
def test_a_page_has_20_rows_unless_asked_for_1_to_100(api, board, given, rows):
    make_posts(board, 101)
    page = get(api, POSTS, **({} if given is None else {"page_size": given}))
    assert len(page["results"]) == rows


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("0", "out_of_range"),
        ("101", "out_of_range"),
        ("999", "out_of_range"),
        ("1000", "invalid"),
        ("-1", "invalid"),
        ("1.5", "invalid"),
        ("", "invalid"),
        ("all", "invalid"),
        ("１０", "invalid"),
        ("9" * 5000, "invalid"),
    ],
)
def test_other_page_sizes_are_refused(api, given, code):
    answer = api.get(POSTS, {"page_size": given})
    assert answer.status_code == 400
    assert codes(answer) == {("page_size", code)}


# --- Bad cursors ---
def assert_invalid(api, url, encoded, **params):
    answer = api.get(url, params | {"cursor": encoded})
    assert answer.status_code == 400, answer.content
    assert codes(answer) == {("cursor", "invalid_cursor")}


def test_a_cursor_of_another_ordering_is_refused(api, board):
    make_posts(board, 2)
    by_likes = cursor_of(get(api, POSTS, ordering="likes", page_size=1)["next"])
    newest = cursor_of(get(api, POSTS, page_size=1)["next"])
    assert_invalid(api, POSTS, by_likes)
    assert_invalid(api, POSTS, newest, ordering="likes")
    assert_invalid(api, "/api/v1/boards/", newest)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        {"-id": 1},
        "-id",
        ["-id", 0, 0],
        ["-id", 0, 0, 5, 5],
        ["id", 0, 0, 5],
        ["-id", 2, 0, 5],
        ["-id", 0, -1, 5],
        ["-id", [], 0, 5],
        ["-id", 0, {}, 5],
        ["-id", None, 0, 5],
        ["-id", "0", 0, 5],
        ["-id", 0, 0, None],
        ["-id", 0, 0, True],
        ["-id", 0, 0, 1.5],
        ["-id", 0, 0, [5]],
        ["-id", 0, 0, {"id": 5}],
        ["-id", 0, 0, "five"],
        ["-id", 0, 0, ""],
        ["-id", 0, 0, "9" * 5000],
        ["-id", 0, 0, 10**30],
        [["-id"], 0, 0, 5],
    ],
    ids=lambda parts: json.dumps(parts)[:30],
)
def test_a_cursor_that_was_never_given_is_refused(api, parts):
    encoded = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    assert_invalid(api, POSTS, encoded)


@pytest.mark.parametrize("key", ["\ud800", 1.5, None, ["가"]])
def test_a_cursor_with_a_text_that_no_name_can_be_is_refused(anonymous, key):
    assert_invalid(anonymous, SCHOOLS, cursor("name_key", 0, 0, key))


@pytest.mark.parametrize(
    "encoded", ["", "x", "한글", "=", "====", "a" * 4001, "W10", "[1", "WyItaWQiL", "%00", "\0"]
)
def test_what_is_no_cursor_is_refused(api, encoded):
    assert_invalid(api, POSTS, encoded)


@pytest.mark.parametrize("key", ["2025-13-01", "2025-09-01T00:00:00", "September", "", 20250901, -1])
def test_a_cursor_with_what_is_no_date_is_refused(api, key):
    assert_invalid(api, "/api/v1/semesters/", cursor("-starts_on,-id", 0, 0, key, 1))


def test_a_cursor_nested_too_deeply_is_refused(api):
    deep = base64.urlsafe_b64encode(b"[" * 5000 + b"]" * 5000).decode()
    assert_invalid(api, POSTS, deep)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)
)
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY
@given(encoded=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode()))
def test_any_text_for_a_cursor_is_refused(api, encoded):
    assert_invalid(api, POSTS, encoded.encode(errors="replace").decode())


@ANY
@given(flags=st.sampled_from([(0, 0), (1, 0), (0, 1)]) | st.tuples(JSON, JSON), key=JSON)
@example(flags=(0, 0), key=2**63)
@example(flags=(1, 1), key=-(2**63) - 1)
@example(flags=(0, 1), key="\ud800")
@pytest.mark.parametrize(
    ("url", "params", "ordering"),
    [
        (POSTS, {}, ["-id"]),
        (POSTS, {"ordering": "likes"}, ["-like_count", "-id"]),
        ("/api/v1/boards/", {"pinned": "true"}, ["position", "id"]),
        (SCHOOLS, {}, ["name_key"]),
        ("/api/v1/semesters/", {}, ["-starts_on", "-id"]),
        ("/api/v1/lectures/", {}, ["title", "id"]),
        ("/api/v1/lectures/", {"ordering": "rating"}, ["-rating", "-id"]),
        ("/api/v1/lectures/", {"ordering": "competition"}, ["-competition", "-id"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_any_keys_in_a_cursor_give_a_page_or_are_refused(api, url, params, ordering, flags, key):
    keys = [key] * len(ordering)
    answer = api.get(url, params | {"cursor": cursor(",".join(ordering), *flags, *keys)})
    assert answer.status_code in (200, 400), answer.content
    if answer.status_code == 400:
        assert codes(answer) == {("cursor", "invalid_cursor")}


@given(
    keys=st.tuples(
        st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")), st.integers(0, 9)
    ),
    backward=st.booleans(),
    inclusive=st.booleans(),
)
def test_a_cursor_comes_back_as_it_was(keys, backward, inclusive):
    given = Cursor(("-hot_at", "-id"), keys, backward, inclusive)
    encoded = given.encode()
    assert Cursor.decode(encoded, ("-hot_at", "-id")) == given
    assert encoded.replace("-", "").replace("_", "").isalnum()
