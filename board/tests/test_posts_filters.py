"""The list of posts: its filters and orderings."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from api.tests.helpers import codes
from board.models import Post
from board.services.comments import delete_comment
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"


@pytest.fixture
def posts(school, board, user, other):
    """Posts by name, and whose they are; written one an hour from 2026-03-10T00:00 in Seoul on."""
    club = BoardFactory(school=school, category="club")
    made = {
        "plain": PostFactory(board=board, author=other, title="점심", content="학식"),
        "mine": PostFactory(board=board, author=user, title="저녁 Menu", content="학식"),
        "anonymous": PostFactory(board=club, author=user, title="야식", content="100%_", is_anonymous=True),
        "question": PostFactory(board=club, author=other, title="무엇을?", content="먹지", is_question=True),
        "left": PostFactory(board=club, title="나간 사람", content="글"),
    }
    for hour, post in enumerate(made.values()):
        written = datetime(2026, 3, 9, 15 + hour, tzinfo=UTC)
        Post.objects.filter(pk=post.pk).update(created_at=written)
    User.objects.filter(pk=made["left"].author_id).delete()
    user.post_likes.create(post=made["plain"])
    other.post_likes.create(post=made["mine"])
    user.scraps.create(post=made["question"])
    other.scraps.create(post=made["plain"])
    make_comment(made["plain"], author=user)
    make_comment(made["plain"], author=user, is_anonymous=True)
    make_comment(made["mine"], author=other)
    delete_comment(comment=make_comment(made["question"], author=user))
    for name, likes in [("plain", 1), ("mine", 5), ("question", 5), ("left", 2)]:
        Post.objects.filter(pk=made[name].pk).update(like_count=likes)
    return made


def names(api, posts, query):
    answer = api.get(POSTS, query)
    assert answer.status_code == 200, answer.content
    by_id = {post.pk: name for name, post in posts.items()}
    return " ".join(by_id[row["id"]] for row in answer.json()["results"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "left question anonymous mine plain"),
        ({"category": "club"}, "left question anonymous"),
        ({"category": "career"}, ""),
        ({"search": "학식"}, "mine plain"),
        ({"search": "MENU"}, "mine"),
        ({"search": "무엇"}, "question"),
        ({"search": "%_"}, "anonymous"),
        ({"search": "0%_"}, "anonymous"),
        ({"search": "%학"}, ""),
        ({"search": "학\\"}, ""),
        ({"search": "''"}, ""),
        ({"is_question": "true"}, "question"),
        ({"is_question": "false"}, "left anonymous mine plain"),
        ({"mine": "true"}, "anonymous mine"),
        ({"mine": "false"}, "left question plain"),
        ({"commented": "true"}, "plain"),
        ({"commented": "false"}, "left question anonymous mine"),
        ({"liked": "true"}, "plain"),
        ({"liked": "false"}, "left question anonymous mine"),
        ({"scrapped": "true"}, "question"),
        ({"scrapped": "false"}, "left anonymous mine plain"),
        ({"created_after": "2026-03-10T02:00:00+09:00"}, "left question anonymous"),
        ({"created_after": "2026-03-09T17:00:00Z"}, "left question anonymous"),
        ({"created_after": "2026-03-10T02:00:00"}, "left question anonymous"),  # in Seoul
        ({"created_after": "2026-03-10T02:00:00.000001+09:00"}, "left question"),
        ({"created_before": "2026-03-10T02:00:00+09:00"}, "mine plain"),
        ({"created_before": "2026-03-10"}, ""),
        ({"created_after": "2026-03-10"}, "left question anonymous mine plain"),
        (
            {"created_after": "2026-03-10T01:00:00+09:00", "created_before": "2026-03-10T03:00:00+09:00"},
            "anonymous mine",
        ),
        ({"mine": "true", "category": "club", "search": "야식"}, "anonymous"),
        ({"ordering": "newest"}, "left question anonymous mine plain"),
        ({"ordering": "likes"}, "question mine left plain anonymous"),
        ({"ordering": "likes", "mine": "false"}, "question left plain"),
    ],
    ids=str,
)
def test_posts_are_filtered_and_ordered(api, posts, query, expected):
    assert names(api, posts, query) == expected


def test_a_board_has_its_own_list(api, posts, board):
    assert names(api, posts, {"board": board.pk}) == "mine plain"
    assert names(api, posts, {"board": board.pk, "ordering": "likes"}) == "mine plain"


def test_the_filters_of_one_are_not_anothers(client_of, posts, other):
    api = client_of(other)
    assert names(api, posts, {"mine": "true"}) == "question plain"
    assert names(api, posts, {"liked": "true"}) == "mine"
    assert names(api, posts, {"scrapped": "true"}) == "plain"
    assert names(api, posts, {"commented": "true"}) == "mine"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"board": "x"}, "invalid"),
        ({"board": "1.5"}, "invalid"),
        ({"board": "true"}, "invalid"),
        ({"board": "9999999999999999999"}, "does_not_exist"),
        ({"board": ""}, "blank"),
        ({"category": "food"}, "invalid_choice"),
        ({"search": ""}, "blank"),
        ({"search": "가"}, "min_length"),
        ({"search": "가 나"}, "min_length"),
        ({"search": "가\u200b"}, "min_length"),
        ({"search": "\0"}, "null_characters_not_allowed"),
        ({"search": "가" * 101}, "max_length"),
        ({"mine": "ture"}, "invalid"),
        ({"commented": "1"}, "invalid"),
        ({"liked": "TRUE"}, "invalid"),
        ({"scrapped": "no"}, "invalid"),
        ({"is_question": ""}, "blank"),
        ({"created_after": ""}, "blank"),
        ({"created_after": "yesterday"}, "invalid"),
        ({"created_after": "2026-13-01T00:00:00Z"}, "invalid"),
        ({"created_after": "2026-03-10T24:30:00Z"}, "invalid"),
        ({"created_after": "0001-01-01T00:00:00+09:00"}, "invalid"),
        ({"created_before": "0001-01-01T00:00:00+09:00"}, "invalid"),
        ({"created_before": "9999-12-31T23:59:59-09:00"}, "invalid"),
        ({"created_before": "0001-01-01"}, "invalid"),
        ({"created_before": "1741564800"}, "invalid"),
        ({"ordering": "oldest"}, "invalid_choice"),
        ({"ordering": "-id"}, "invalid_choice"),
        ({"ordering": "like_count"}, "invalid_choice"),
        ({"ordering": ""}, "invalid_choice"),
        ({"author": "x"}, "unknown_parameter"),
        ({"author__nickname": "x"}, "unknown_parameter"),
        ({"serach": "x"}, "unknown_parameter"),
        ({"offset": "1"}, "unknown_parameter"),
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused(api, query, code):
    answer = api.get(POSTS, query)
    assert answer.status_code == 400
    assert codes(answer) == {(next(iter(query)), code)}


def test_each_bad_parameter_is_named(api):
    assert codes(api.get(POSTS, {"mine": "x", "liked": "y", "search": "학식"})) == {
        ("mine", "invalid"),
        ("liked", "invalid"),
    }


def test_a_single_post_takes_no_parameters(api, post):
    assert codes(api.get(f"{POSTS}{post.pk}/", {"mine": "true"})) == {("mine", "unknown_parameter")}
    assert codes(api.get(f"{POSTS}{post.pk}/comments/", {"ordering": "newest"})) == {
        ("ordering", "unknown_parameter")
    }
