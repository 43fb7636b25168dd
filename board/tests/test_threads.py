"""Threads: nesting, placeholders, and reading on where a page left off."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from api.pagination import KeysetPagination
from board import threads
from board.models import Comment
from board.models.comments import MAX_DEPTH
from board.services.comments import delete_comment
from board.services.hiding import hide
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db

SEEDS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def get(api, url):
    answer = api.get(url)
    assert answer.status_code == 200, answer.content
    return answer.json()


def read_on(api, url):
    """All results of a list, page after page."""
    rows = []
    while url:
        page = get(api, url)
        rows += page["results"]
        url = page["next"]
    return rows


def whole(api, comment):
    """A comment as (id, replies), with what its `replies_next` leads to."""
    replies = comment["replies"] + read_on(api, comment["replies_next"])
    return comment["id"], [whole(api, reply) for reply in replies]


def url_of(post):
    return f"/api/v1/posts/{post.pk}/comments/"


def thread(api, post):
    """Every comment of a post that is shown, as a tree of (id, replies)."""
    return [whole(api, comment) for comment in read_on(api, url_of(post))]


def expected(post, parent=None):
    """The same from the rows alone: oldest first, a deleted comment only above one that is shown."""
    rows = Comment.objects.filter(post=post, parent=parent).order_by("id")
    trees = [(row, expected(post, row)) for row in rows]
    return [(row.pk, below) for row, below in trees if row.deleted_at is None or below]


def size(trees):
    return sum(1 + size(below) for _pk, below in trees)


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of 2, and at most 3 comments below each top comment or page of replies."""
    monkeypatch.setattr(KeysetPagination, "page_size", 2)
    monkeypatch.setattr(threads, "DESCENDANTS_PER_THREAD", 3)
    monkeypatch.setattr(threads, "DESCENDANTS_PER_PAGE", 3)


# --- Nesting ---
def test_replies_nest_and_all_is_oldest_first(api, post):
    first, second = make_comment(post), make_comment(post)
    reply = make_comment(post, parent=first)
    below = make_comment(post, parent=reply)
    late = make_comment(post, parent=first)
    assert thread(api, post) == [
        (first.pk, [(reply.pk, [(below.pk, [])]), (late.pk, [])]),
        (second.pk, []),
    ]
    page = get(api, url_of(post))
    top = page["results"][0]
    assert (top["parent"], top["depth"], top["reply_count"]) == (None, 0, 2)
    nested = top["replies"][0]["replies"][0]
    assert (nested["parent"], nested["depth"]) == (reply.pk, 2)
    assert (page["next"], page["previous"], top["replies_next"]) == (None, None, None)


def test_what_is_deeper_than_the_last_level_hangs_on_its_parent(api, post):
    comment = None
    chain = [comment := make_comment(post, parent=comment) for _ in range(MAX_DEPTH + 1)]
    assert (chain[-1].depth, MAX_DEPTH) == (10, 10)
    answer = api.post(url_of(post), {"content": "더 깊이", "parent": chain[-1].pk})
    assert answer.status_code == 201
    assert (answer.json()["parent"], answer.json()["depth"]) == (chain[-2].pk, MAX_DEPTH)
    chain[-2].refresh_from_db()
    chain[-1].refresh_from_db()
    assert (chain[-2].reply_count, chain[-1].reply_count) == (2, 0)
    assert thread(api, post) == expected(post)


# --- Placeholders ---
def test_a_placeholder_says_where_it_stands_and_nothing_else(api, post, user):
    answered = make_comment(post, author=user, content="지울 글")
    reply = make_comment(post, parent=answered)
    answered.likes.create(user=reply.author)
    Comment.objects.filter(pk=answered.pk).update(like_count=1, edited_at=answered.created_at)
    delete_comment(comment=answered)
    (shown,) = get(api, url_of(post))["results"]
    (below,) = shown.pop("replies")
    assert below["id"] == reply.pk
    assert shown.pop("created_at")
    assert shown == {
        "id": answered.pk,
        "parent": None,
        "depth": 0,
        "author": None,
        "content": None,
        "is_anonymous": None,
        "like_count": 0,
        "reply_count": 1,
        "state": "deleted",
        "is_mine": False,
        "is_liked": False,
        "edited_at": None,
        "replies_next": None,
    }


def test_a_placeholder_goes_with_its_last_reply_and_so_up_the_thread(api, post):
    top = make_comment(post)
    middle = make_comment(post, parent=top)
    leaf, other = make_comment(post, parent=middle), make_comment(post, parent=middle)
    delete_comment(comment=top)
    delete_comment(comment=middle)
    delete_comment(comment=leaf)
    assert thread(api, post) == [(top.pk, [(middle.pk, [(other.pk, [])])])]
    delete_comment(comment=other)
    assert thread(api, post) == []
    post.refresh_from_db()
    assert post.comment_count == 0
    assert api.get(f"/api/v1/comments/{top.pk}/replies/").status_code == 404


def test_a_living_comment_stays_when_the_placeholders_below_it_go(api, post):
    top = make_comment(post)
    middle = make_comment(post, parent=top)
    leaf = make_comment(post, parent=middle)
    delete_comment(comment=middle)
    delete_comment(comment=leaf)
    assert thread(api, post) == [(top.pk, [])]
    top.refresh_from_db()
    assert top.reply_count == 0


def test_a_hidden_comment_keeps_its_place_without_replies_too(clients, people, post):
    comment = make_comment(post, author=people["author"])
    hide(user=people["moderator"], content=comment, reason="abuse")
    (shown,) = get(clients["user"], url_of(post))["results"]
    assert (shown["state"], shown["content"], shown["author"]) == ("hidden", None, None)


def test_a_hidden_reply_is_a_placeholder_on_its_own_page_too(clients, people, post):
    top = make_comment(post)
    reply = make_comment(post, parent=top)
    below = make_comment(post, parent=reply)
    hide(user=people["moderator"], content=reply, reason="abuse")
    (shown,) = get(clients["user"], f"/api/v1/comments/{top.pk}/replies/")["results"]
    assert (shown["content"], [row["id"] for row in shown["replies"]]) == (None, [below.pk])
    # Below a hidden comment its replies are read as they are in the thread.
    (shown,) = get(clients["user"], f"/api/v1/comments/{reply.pk}/replies/")["results"]
    assert shown["id"] == below.pk


# --- Reading on ---
def test_a_thread_brings_50_comments_from_below_each_top_comment(api, post):
    first, second = make_comment(post), make_comment(post)
    replies = [make_comment(post, parent=first).pk for _ in range(51)]
    few = [make_comment(post, parent=second).pk for _ in range(50)]
    one, two = get(api, url_of(post))["results"]
    assert [row["id"] for row in one["replies"]] == replies[:50]
    assert one["reply_count"] == 51
    assert [row["id"] for row in get(api, one["replies_next"])["results"]] == replies[50:]
    assert ([row["id"] for row in two["replies"]], two["replies_next"]) == (few, None)


def test_the_replies_of_a_comment_are_pages_both_ways(api, post):
    top = make_comment(post)
    replies = [make_comment(post, parent=top).pk for _ in range(5)]
    page = get(api, f"/api/v1/comments/{top.pk}/replies/?page_size=2")
    second = get(api, page["next"])
    back = get(api, second["previous"])
    assert [row["id"] for row in second["results"]] == replies[2:4]
    assert back["results"] == page["results"]


def test_a_comment_whose_replies_do_not_fit_says_where_they_are(api, post, small_pages):
    top = make_comment(post)
    reply = make_comment(post, parent=top)
    for _ in range(2):
        make_comment(post, parent=top)
    below = make_comment(post, parent=reply)
    (shown,) = get(api, url_of(post))["results"]
    nested = shown["replies"][0]
    assert (nested["replies"], nested["reply_count"]) == ([], 1)
    assert [row["id"] for row in get(api, nested["replies_next"])["results"]] == [below.pk]


TREES = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=16)


@SEEDS
@given(parents=TREES, deletions=st.lists(st.integers(0, 15), max_size=10))
def test_reading_on_shows_every_comment_once_in_its_place(api, user, small_pages, parents, deletions):
    """`parents`: what each comment answers, counted among those before it and the post itself."""
    post = PostFactory(board=BoardFactory(school=user.school))
    made = []
    for number in parents:
        parent = ([None, *made])[number % (len(made) + 1)]
        made.append(make_comment(post, parent=parent, author=user))
    for number in deletions:
        comment = Comment.objects.filter(pk=made[number % len(made)].pk, deleted_at=None).first()
        if comment is not None:
            delete_comment(comment=comment)

    assert thread(api, post) == expected(post)
    post.refresh_from_db()
    assert post.comment_count == Comment.objects.filter(post=post, deleted_at=None).count()
    for comment in Comment.objects.filter(post=post):
        assert comment.reply_count == len(expected(post, comment))


def test_what_was_said_between_the_replies_of_a_page_is_not_passed_over(api, post, small_pages):
    top = make_comment(post)
    first = make_comment(post, parent=top)
    between = make_comment(post, parent=first)
    second = make_comment(post, parent=top)
    after = make_comment(post, parent=first)
    page = get(api, f"/api/v1/comments/{top.pk}/replies/")
    trees = [whole(api, reply) for reply in page["results"]]
    assert trees == [(first.pk, [(between.pk, []), (after.pk, [])]), (second.pk, [])]


def test_a_large_thread_is_read_to_its_end(api, post):
    """Deeper and longer than any limit, at the limits that are in force."""
    top = make_comment(post)
    answered = [top]
    for number in range(130):
        answered.append(make_comment(post, parent=answered[number * 7 // 10], author=top.author))
    tree = thread(api, post)
    assert tree == expected(post)
    assert size(tree) == 131
