"""Pages that are walked: each row once, both ways, however short a bound makes them."""

import hypothesis.strategies as st
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.tests.factories import UserFactory
from api import walks
from api.pagination import Cursor
from board.models import Comment, Post
from board.search import Term
from board.services.posts import delete_post, update_post
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import ids, pages

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"


def make_posts(board, texts, **fields):
    """A post with each of the texts as its title: their ids, oldest first."""
    author = fields.pop("author", None) or UserFactory(school=board.school)
    return [PostFactory(board=board, author=author, title=text, content="", **fields).pk for text in texts]


def flat(found):
    return [pk for page in found for pk in page]


def get(api, url, **query):
    answer = api.get(url, query or None)
    assert answer.status_code == 200, answer.content
    return answer.json()


def there_and_back(api, url):
    """The ids on all pages by `next`, and on all by `previous` from the last one on."""
    there, page = [], get(api, url)
    while True:
        there += ids(page["results"])
        if page["next"] is None:
            break
        page = get(api, page["next"])
    back = ids(page["results"])
    while page["previous"]:
        page = get(api, page["previous"])
        back = ids(page["results"]) + back
    return there, back


@pytest.fixture
def tight(monkeypatch):
    """Bounds that every page meets."""
    monkeypatch.setattr(walks, "MAX_IDS", 6)
    monkeypatch.setattr(walks, "MAX_ROWS", 4)
    monkeypatch.setattr(walks, "FIRST_WINDOW", 2)
    monkeypatch.setattr(walks, "LARGEST_WINDOW", 3)
    monkeypatch.setattr(walks, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(walks, "DEPTH", 3)
    monkeypatch.setattr(walks, "ROUNDED_TO", 1)


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_a_search_is_paged_both_ways(api, board, size):
    made = make_posts(board, ["학식", "밥"] * 8)[::2]
    there, back = there_and_back(api, f"{POSTS}?search=학식&page_size={size}")
    assert there == back == made[::-1]


def test_a_page_that_met_its_bound_is_short_and_goes_on(api, board, tight):
    """`가나 나다` has all the grams of `가나다`, and not the word."""
    old = make_posts(board, ["가나다"])
    make_posts(board, ["가나 나다"] * 15)
    new = make_posts(board, ["가나다"])
    found = pages(api, f"{POSTS}?search=가나다&page_size=2")
    assert found[0] == new
    assert [] in found, "an empty page can have a `next`"
    assert flat(found) == new + old
    assert there_and_back(api, f"{POSTS}?search=가나다&page_size=2") == (new + old, new + old)


def test_a_walk_looks_at_no_more_rows_than_its_bound(api, board, monkeypatch):
    monkeypatch.setattr(walks, "MAX_ROWS", 10)
    looked = []
    matches = Term.matches
    monkeypatch.setattr(Term, "matches", lambda *args: looked.append(1) or matches(*args))
    make_posts(board, ["가나 나다"] * 60)
    get(api, POSTS, search="가나다", page_size=3)
    assert 10 <= len(looked) <= 20


def test_where_a_page_met_its_bound_tells_no_id(api, board, monkeypatch):
    monkeypatch.setattr(walks, "MAX_ROWS", 10)
    made = make_posts(board, ["가나 나다"] * 60)
    following = get(api, POSTS, search="가나다", page_size=3)["next"]
    cursor = Cursor.decode(following.split("cursor=")[1].split("&")[0], ("-id",))
    assert cursor.keys[0] % 100 == 0
    assert cursor.keys[0] >= made[-20]


def test_nothing_comes_twice_while_posts_come_and_go(api, board, tight):
    made = make_posts(board, ["가나다", "가나 나다", "가나다"] * 5)
    wanted = [pk for number, pk in enumerate(made) if number % 3 != 1]
    page = get(api, POSTS, search="가나다", page_size=2)
    seen, gone = ids(page["results"]), set()
    while page["next"]:
        make_posts(board, ["가나다"])
        left = [pk for pk in wanted if pk not in seen and pk not in gone]
        if len(left) > 2:
            update_post(post=Post.objects.get(pk=left[0]), changes={"title": "바뀜"})
            delete_post(post=Post.objects.get(pk=left[-1]))
            gone |= {left[0], left[-1]}
        page = get(api, page["next"])
        seen += ids(page["results"])
    assert seen == sorted(set(wanted) - gone, reverse=True)


def test_the_page_before_brings_what_is_new(api, board):
    old = make_posts(board, ["학식"] * 4)
    second = get(api, get(api, POSTS, search="학식", page_size=2)["next"])
    new = make_posts(board, ["학식"] * 3)
    first = get(api, second["previous"])
    assert ids(first["results"]) == [old[3], old[2]]
    assert ids(get(api, first["previous"])["results"]) == [new[1], new[0]]


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("name", ["liked", "scrapped", "commented", "mine"])
def test_what_is_ones_own_is_paged_both_ways(api, board, user, tight, name, size):
    made = []
    for number in range(12):
        post = PostFactory(board=board, **({"author": user} if name == "mine" and number % 3 else {}))
        if number % 3:
            made.append(post.pk)
            mark(name, user, post)
    there, back = there_and_back(api, f"{POSTS}?{name}=true&page_size={size}")
    assert there == back == made[::-1]


def mark(name, user, post):
    if name == "liked":
        user.post_likes.create(post=post)
    if name == "scrapped":
        user.scraps.create(post=post)
    if name == "commented":
        for _ in range(4):
            make_comment(post, author=user)


def test_a_post_with_ones_deleted_comments_alone_is_not_commented(api, board, user):
    comment = make_comment(PostFactory(board=board), author=user)
    assert len(get(api, POSTS, commented="true")["results"]) == 1
    Comment.objects.filter(pk=comment.pk).update(deleted_at=comment.created_at)
    page = get(api, POSTS, commented="true")
    assert (page["results"], page["next"]) == ([], None)


@pytest.mark.parametrize("cursor", [("-id",), ("-like_count", "-id")], ids=str)
@pytest.mark.parametrize("keys", [("x",), (1, 2), (2**63,)], ids=str)
def test_a_foreign_cursor_is_refused(api, board, cursor, keys):
    made = Cursor(cursor, keys).encode()
    answer = api.get(POSTS, {"search": "학식", "cursor": made})
    assert answer.json()["errors"][0]["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    "query",
    ["search=학식", "liked=true", "scrapped=true", "commented=true", "mine=true", "search=학식&liked=true"],
)
def test_one_row_and_thirty_cost_the_same(api, user, query):
    def add(number):
        for _ in range(number):
            author = user if "mine" in query else UserFactory(school=user.school)
            post = PostFactory(board=BoardFactory(school=user.school), author=author, title="학식")
            for name in ("liked", "scrapped", "commented"):
                mark(name, user, post)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(api, f"{POSTS}?{query}")["results"]
        return len(queries)

    add(1)
    one = cost()
    add(29)
    assert cost() == one


WORDS = st.text(alphabet="가나각ㄱaA😀🍕 ", max_size=7)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    posts=st.lists(st.tuples(WORDS, WORDS, st.booleans()), max_size=8),
    term=st.text(alphabet="가나각ㄱaA😀🍕 ", min_size=2, max_size=5),
    size=st.integers(1, 4),
)
def test_a_search_finds_what_reading_everything_finds(api, board, user, tight, posts, term, size):
    """The oracle folds nothing but the case: there is nothing else in this alphabet."""
    words = term.lower().split()
    if not any(len(word) > 1 for word in words):
        return
    Post.objects.all().delete()
    expected = []
    for title, content, is_liked in posts:
        post = PostFactory(board=board, author=user, title=title, content=content)
        if is_liked:
            user.post_likes.create(post=post)
        if all(word in title.lower() or word in content.lower() for word in words):
            expected.insert(0, (post.pk, is_liked))
    url = f"{POSTS}?search={term}&page_size={size}"
    everything = [pk for pk, _ in expected]
    assert there_and_back(api, url) == (everything, everything)
    assert flat(pages(api, f"{url}&liked=true")) == [pk for pk, is_liked in expected if is_liked]
