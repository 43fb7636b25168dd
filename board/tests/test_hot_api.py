"""HOT and BEST, and how popular posts are ordered."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Post, PostLike
from board.popularity import RANKS, hot_rank
from board.services.likes import like
from board.tests.factories import BoardFactory, PostFactory

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
T0 = datetime(2026, 3, 2, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def likers(school):
    return UserFactory.create_batch(12, school=school)


def test_a_post_is_hot_from_the_tenth_like_on(post, likers, time_machine):
    for number, liker in enumerate(likers, 1):
        time_machine.move_to(T0 + timedelta(minutes=number), tick=False)
        like(user=liker, content=post, wanted=True)
        post.refresh_from_db()
        assert post.hot_at == (None if number < 10 else T0 + timedelta(minutes=10))


def test_likes_taken_back_and_given_again_change_nothing(post, likers, time_machine):
    for number, wanted in enumerate([True] * 12 + [False] * 12 + [True] * 12):
        time_machine.move_to(T0 + timedelta(minutes=number), tick=False)
        like(user=likers[number % 12], content=post, wanted=wanted)
    post.refresh_from_db()
    assert (post.like_count, post.hot_at) == (12, T0 + timedelta(minutes=9))


def test_the_number_of_likes_is_a_setting(post, likers, settings):
    settings.HOT_LIKES = 2
    for liker in likers[:2]:
        like(user=liker, content=post, wanted=True)
    post.refresh_from_db()
    assert post.hot_at is not None


def test_neither_a_like_taken_back_nor_a_second_one_nor_a_scrap_makes_hot(api, post, likers, settings):
    for liker in likers[:4]:
        like(user=liker, content=post, wanted=True)
    settings.HOT_LIKES = 3
    like(user=likers[0], content=post, wanted=False)
    like(user=likers[1], content=post, wanted=True)
    assert api.put(f"/api/v1/posts/{post.pk}/scrap/").status_code == 200
    post.refresh_from_db()
    assert (post.like_count, post.hot_at) == (3, None)


def test_likes_of_those_who_left_go_on_counting(post, likers, settings):
    for liker in likers[:9]:
        like(user=liker, content=post, wanted=True)
    likers[0].delete()
    like(user=likers[9], content=post, wanted=True)
    post.refresh_from_db()
    assert (post.like_count, PostLike.objects.count(), post.hot_at is None) == (10, 10, False)
    assert Post.objects.exclude(hot_at=None).count() == 1


# --- The lists ---
def make(board, likes=0, hot_at=None, created_at=T0, **fields):
    """A post of an age, with so many likes of people who have left."""
    made = PostFactory(board=board, hot_at=hot_at, **fields)
    Post.objects.filter(pk=made.pk).update(created_at=created_at, like_count=likes)
    PostLike.objects.bulk_create(PostLike(post=made) for _ in range(likes))
    made.refresh_from_db()
    made.save(update_fields=[*RANKS])
    return made


def ids(api, query="", **parameters):
    answer = api.get(f"{POSTS}{query}", parameters)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def pages(api, query, way="next"):
    """The ids of all pages, walked from an address."""
    found, url = [], f"{POSTS}{query}" if query.startswith("?") else query
    while url:
        answer = api.get(url).json()
        last, url = url, answer[way]
        rows = [row["id"] for row in answer["results"]]
        found = found + rows if way == "next" else rows + found
    return found, last


def test_hot_posts_stand_in_the_order_in_which_they_became_so(api, board):
    third, first, second = (
        make(board, hot_at=T0 + timedelta(microseconds=late), created_at=T0) for late in (1, 3, 2)
    )
    cold = make(board, likes=9)
    assert ids(api, hot="true") == [first.pk, second.pk, third.pk]
    assert ids(api, hot="false") == [cold.pk]
    assert ids(api, hot="true", ordering="newest") == [second.pk, first.pk, third.pk]


def test_a_payload_says_since_when_a_post_is_hot(api, board):
    post = make(board, hot_at=T0)
    (row,) = api.get(POSTS).json()["results"]
    assert (
        row["hot_at"] == api.get(f"{POSTS}{post.pk}/").json()["hot_at"] == "2026-03-02T12:00:00.123456+09:00"
    )


def test_a_board_keeps_out_of_hot_and_comes_back_at_any_time(client_of, api, board, manager, likers):
    path = f"/api/v1/boards/{board.pk}/"
    assert client_of(manager).patch(path, {"in_hot": False}).json()["in_hot"] is False
    post = make(board, likes=9)
    like(user=likers[0], content=post, wanted=True)
    assert (ids(api, hot="true"), ids(api, hot="false")) == ([], [post.pk])
    assert api.get(f"{POSTS}{post.pk}/").json()["hot_at"] is not None
    client_of(manager).patch(path, {"in_hot": True})
    assert (ids(api, hot="true"), ids(api, hot="false")) == ([post.pk], [])


def test_hot_lists_what_other_lists_do(api, user, board, school):
    """Nothing hidden, deleted or on a board that is gone; nothing of another school."""
    gone = BoardFactory(school=school, deleted_at=T0)
    make(board, hot_at=T0, hidden_at=T0)
    make(board, hot_at=T0, deleted_at=T0)
    make(gone, hot_at=T0)
    make(BoardFactory(), hot_at=T0, likes=100)
    for query in ("?hot=true", "?best=true", "?ordering=hot"):
        assert ids(api, query) == []


def test_best_has_the_newest_half_year_first_and_in_it_the_most_liked(api, board):
    """Half a year begins with January and July in Seoul, nine hours before UTC's."""
    new_year, july = datetime(2025, 12, 31, 15, tzinfo=UTC), datetime(2026, 6, 30, 15, tzinfo=UTC)
    blink = timedelta(microseconds=1)
    made = {
        "2025 II": make(board, 999, created_at=new_year - blink),
        "2026 I": make(board, 100, created_at=new_year),
        "2026 I, liked": make(board, 300, created_at=july - blink),
        "2026 I, tied": make(board, 100, created_at=july - blink),
        "2026 II": make(board, 101, created_at=july),
    }
    less = make(board, 99, created_at=july)
    expected = ["2026 II", "2026 I, liked", "2026 I, tied", "2026 I", "2025 II"]
    assert ids(api, best="true") == [made[name].pk for name in expected]
    assert ids(api, best="false") == [less.pk]
    newest = sorted((post.pk for post in made.values()), reverse=True)
    assert ids(api, best="true", ordering="newest") == newest
    assert [made[name].best_half for name in expected] == [4053, 4052, 4052, 4052, 4051]


def test_a_post_is_one_of_the_best_while_it_has_a_hundred_likes(api, user, board):
    post = make(board, 99)
    assert ids(api, best="true") == []
    assert api.put(f"{POSTS}{post.pk}/like/").json()["like_count"] == 100
    assert ids(api, best="true") == [post.pk]
    api.delete(f"{POSTS}{post.pk}/like/")
    assert ids(api, best="true") == []
    assert ids(api, hot="true") == [post.pk]


def test_ten_times_the_likes_are_worth_twelve_and_a_half_hours(api, board):
    def at(likes, seconds):
        return make(board, likes, created_at=T0 + timedelta(seconds=seconds))

    old, tenfold = at(10, 0), at(100, -45_000)
    newer, newest = at(1, 45_001), at(0, 45_003)
    hundredfold = at(100, -44_998)
    assert ids(api, ordering="hot") == [post.pk for post in (newest, hundredfold, newer, tenfold, old)]
    assert hot_rank(old) == hot_rank(tenfold) == old.hot_rank == int(T0.timestamp()) + 45_000


def test_a_like_and_its_taking_back_move_a_post_in_the_order(api, board):
    below, above = make(board, 4), make(board, 9, created_at=T0 - timedelta(seconds=1))
    assert ids(api, ordering="hot") == [above.pk, below.pk]
    for liker in UserFactory.create_batch(6, school=board.school):
        like(user=liker, content=below, wanted=True)
    assert ids(api, ordering="hot") == [below.pk, above.pk]
    for mark in list(below.likes.exclude(user=None)):
        like(user=mark.user, content=below, wanted=False)
    assert ids(api, ordering="hot") == [above.pk, below.pk]


def test_a_new_post_has_its_rank(api, board):
    pk = api.post(POSTS, {"board": board.pk, "title": "제목", "content": "내용"}).json()["id"]
    post = Post.objects.get(pk=pk)
    assert (post.hot_rank, post.best_half) == (int(post.created_at.timestamp()), None)


@pytest.mark.parametrize("query", ["?hot=true", "?best=true", "?ordering=hot"])
def test_pages_are_whole_both_ways_however_many_rows_tie(api, board, query):
    """Moments that differ by a microsecond, and that do not differ at all."""
    for late in (0, 1, 1, 1, 1, 1, 2):
        make(board, 100, hot_at=T0 + timedelta(microseconds=late))
    whole = ids(api, query)
    assert len(whole) == 7
    forward, last = pages(api, f"{query}&page_size=2")
    assert forward == whole
    backward, first = pages(api, last, "previous")
    assert backward == whole
    assert ids(api, first.removeprefix("http://testserver/api/v1/posts/")) == whole[:2]


@pytest.mark.parametrize("stretches", [(), (1,), (2, 3), (1, 2, 4)])
@pytest.mark.parametrize(
    "query",
    ["?", "?hot=true", "?best=true", "?ordering=hot", "?ordering=likes", "?board={board}&ordering=hot"],
)
def test_pages_are_whole_however_far_they_look_ahead(api, board, monkeypatch, stretches, query):
    """Hidden and deleted posts fill a stretch too, and so may all that is there."""
    monkeypatch.setattr("api.pagination.STRETCHES", stretches)
    for n in range(12):
        out_of_sight = [{}, {"hidden_at": T0}, {}, {"deleted_at": T0}][n % 4] if n < 8 else {}
        make(board, 100 + n // 3, hot_at=T0 + timedelta(microseconds=n // 5), **out_of_sight)
    query = query.format(board=board.pk)
    whole = ids(api, query)
    assert len(whole) == 8
    forward, last = pages(api, f"{query}&page_size=3")
    assert forward == whole
    assert pages(api, last, "previous")[0] == whole


def test_a_deep_page_takes_one_query_more_while_rows_are_near(api, board, monkeypatch, count_queries):
    monkeypatch.setattr("api.pagination.STRETCHES", (3, 100))
    PostFactory.create_batch(8, board=board)
    first = f"{POSTS}?page_size=2"
    deep = api.get(first).json()["next"]
    assert count_queries(lambda: api.get(deep)) == count_queries(lambda: api.get(first)) + 1


def test_a_cursor_of_one_order_is_none_of_another(api, board):
    for _ in range(2):
        make(board, 100, hot_at=T0)
    link = api.get(f"{POSTS}?hot=true&page_size=1").json()["next"]
    for query in ("?best=true", "?hot=true&ordering=hot", "?hot=false", "?"):
        answer = api.get(f"{POSTS}{query}&cursor={link.split('cursor=')[1].split('&')[0]}")
        assert codes(answer) == {("cursor", "invalid_cursor")}


@pytest.mark.parametrize("method", ["post", "patch"])
def test_nobody_makes_their_own_post_popular(client_of, board, other, method):
    own = PostFactory(board=board, author=other)
    fields = {"hot_at": "2026-03-02T12:00:00+09:00", "hot_rank": 2**40, "best_half": 4052, "like_count": 100}
    body = fields | {"board": board.pk, "title": "제목", "content": "내용", "is_anonymous": False}
    client = client_of(other)
    answer = client.post(POSTS, body) if method == "post" else client.patch(f"{POSTS}{own.pk}/", body)
    assert answer.status_code in (200, 201)
    post = Post.objects.get(pk=answer.json()["id"])
    assert (post.hot_at, post.best_half, post.like_count) == (None, None, 0)
    assert post.hot_rank == int(post.created_at.timestamp())
