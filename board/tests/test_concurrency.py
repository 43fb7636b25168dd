"""Many writers at one moment: counters stay exact and no client sees an error."""

from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.tests.factories import SchoolFactory, UserFactory
from api.tests.helpers import at_once
from board.models import Board, Comment, Post, PostLike
from board.services import likes
from board.tests.factories import BoardFactory, PostFactory, make_comment
from conftest import Client

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crowd():
    """A post, and sixteen clients of its school."""
    post = PostFactory(board=BoardFactory())
    return post, [Client(user) for user in UserFactory.create_batch(16, school=post.school)]


def ok(answer):
    assert answer.status_code < 300, answer.content
    return answer


def assert_counters_are_right(capsys):
    call_command("reconcile_counters")
    printed = capsys.readouterr().out
    assert printed.count(": 0 mended") == len(printed.splitlines()), printed


def test_likes_scraps_and_comments_on_one_post_are_all_counted(crowd, capsys):
    post, clients = crowd
    path = f"/api/v1/posts/{post.pk}"
    comment = make_comment(post)

    def act(client, number):
        ok(client.put(f"{path}/like/"))
        ok(client.put(f"{path}/scrap/"))
        ok(client.put(f"/api/v1/comments/{comment.pk}/like/"))
        mine = ok(client.post(f"{path}/comments/", {"content": "댓글", "parent": comment.pk})).json()["id"]
        if number % 2:
            ok(client.delete(f"{path}/like/"))
            ok(client.delete(f"{path}/scrap/"))
            ok(client.delete(f"/api/v1/comments/{comment.pk}/like/"))
            ok(client.delete(f"/api/v1/comments/{mine}/"))

    at_once(*[lambda client=client, n=n: act(client, n) for n, client in enumerate(clients)])

    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.like_count, post.scrap_count, post.comment_count) == (8, 8, 9)
    assert (comment.like_count, comment.reply_count) == (8, 8)
    assert_counters_are_right(capsys)


def test_a_thread_that_is_deleted_from_all_ends_at_once_vanishes(crowd, capsys):
    """Placeholders go with their last reply, whichever of them that is."""
    post, _clients = crowd
    top = make_comment(post)
    middle = [make_comment(post, parent=top) for _ in range(2)]
    leaves = [make_comment(post, parent=middle[n % 2]) for n in range(6)]
    by_id = [top, *middle, *leaves]

    at_once(
        *[
            lambda comment=comment: ok(Client(comment.author).delete(f"/api/v1/comments/{comment.pk}/"))
            for comment in by_id
        ]
    )

    post.refresh_from_db()
    assert post.comment_count == 0
    assert not Comment.objects.shown().exists()
    assert_counters_are_right(capsys)


def moments_of_likes(post):
    return list(post.likes.order_by("pk").values_list("created_at", flat=True))


def test_of_sixteen_likes_at_once_the_tenth_makes_hot(crowd, capsys, monkeypatch):
    post, clients = crowd
    made_hot = Mock(side_effect=likes.make_hot)
    monkeypatch.setattr(likes, "make_hot", made_hot)
    at_once(*[lambda client=client: ok(client.put(f"/api/v1/posts/{post.pk}/like/")) for client in clients])
    post.refresh_from_db()
    moments = moments_of_likes(post)
    assert (post.like_count, len(moments), made_hot.call_count) == (16, 16, 1)
    assert moments[9] <= post.hot_at <= moments[10]
    assert_counters_are_right(capsys)


def test_likes_that_cross_the_threshold_to_and_fro_make_hot_once(crowd, capsys, monkeypatch, settings):
    settings.HOT_LIKES, settings.BEST_LIKES = 4, 6
    post, clients = crowd
    made_hot = Mock(side_effect=likes.make_hot)
    monkeypatch.setattr(likes, "make_hot", made_hot)
    path = f"/api/v1/posts/{post.pk}/like/"

    def act(client, number):
        for _ in range(3):
            ok(client.put(path))
            ok(client.delete(path))
        return ok(client.put(path)) if number < 8 else None

    at_once(*[lambda client=client, n=n: act(client, n) for n, client in enumerate(clients)])
    post.refresh_from_db()
    assert (post.like_count, made_hot.call_count, post.hot_at is None) == (8, 1, False)
    assert post.best_half is not None
    assert_counters_are_right(capsys)
    hot_at = post.hot_at
    for client in clients[:8]:
        ok(client.delete(path))
        ok(client.put(path))
    post.refresh_from_db()
    assert (post.hot_at, made_hot.call_count) == (hot_at, 1)


def test_likes_at_once_by_one_user_count_once(crowd):
    post, (client, *_) = crowd
    answers = at_once(*[lambda: ok(client.put(f"/api/v1/posts/{post.pk}/like/"))] * 8)
    assert [answer.json() for answer in answers] == [{"is_liked": True, "like_count": 1}] * 8
    post.refresh_from_db()
    assert post.like_count == PostLike.objects.filter(post=post).count() == 1


def test_boards_of_one_name_opened_at_once_are_one(crowd):
    _post, clients = crowd
    answers = at_once(
        *[
            lambda client=client: client.post("/api/v1/boards/", {"category": "club", "name": "밴드부"})
            for client in clients[:6]
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 5
    assert Board.objects.filter(name="밴드부").count() == 1


def test_pins_at_once_get_positions_of_their_own(crowd):
    post, (client, *_) = crowd
    boards = BoardFactory.create_batch(6, school=post.school)
    at_once(*[lambda board=board: ok(client.put(f"/api/v1/boards/{board.pk}/pin/")) for board in boards])
    rows = client.get("/api/v1/boards/?pinned=true").json()["results"]
    assert [row["position"] for row in rows] == list(range(6))


def test_posts_and_pins_on_one_board_do_not_stop_each_other(crowd):
    """A post locks the board and then, through its foreign key, the author; a pin the other way round."""
    post, clients = crowd
    body = {"board": post.board_id, "content": "내용"}

    def act(client):
        for _ in range(3):
            ok(client.put(f"/api/v1/boards/{post.board_id}/pin/"))
            ok(client.delete(f"/api/v1/boards/{post.board_id}/pin/"))

    at_once(
        *[
            lambda client=client: [ok(client.post("/api/v1/posts/", body | {"title": n})) for n in "123"]
            for client in clients[:4]
        ],
        *[lambda client=client: act(client) for client in clients[:4]],
    )
    assert post.board.posts.count() == 13


@pytest.mark.parametrize("kind", ["post", "comment", "board"])
def test_nobody_writes_in_a_school_and_leaves_it_at_one_moment(settings, kind):
    """A move waits for the writer's foreign key on the user, or the writer finds that the user has moved."""
    settings.REQUIRE_SCHOOL_VERIFICATION = False
    post = PostFactory()
    elsewhere = SchoolFactory()
    bodies = {
        "post": ("/api/v1/posts/", {"board": post.board_id, "title": "제목", "content": "내용"}),
        "comment": (f"/api/v1/posts/{post.pk}/comments/", {"content": "댓글"}),
        "board": ("/api/v1/boards/", {"category": "club"}),
    }
    path, body = bodies[kind]
    answers = []
    for number in range(12):
        client = Client(UserFactory(school=post.school, school_verified_at=None))
        name = {"name": f"밴드부 {number}"} if kind == "board" else {}
        answers += at_once(
            lambda client=client: client.patch("/api/v1/users/me/", {"school": elsewhere.pk}),
            lambda client=client, name=name: client.post(path, body | name),
        )
    assert {answer.status_code for answer in answers} <= {200, 201, 400, 404, 409}
    owners = Board.objects.exclude(manager=None).exclude(school=F("manager__school"))
    writers = Post.objects.exclude(school=F("author__school"))
    commenters = Comment.objects.exclude(post__school=F("author__school"))
    assert [rows.count() for rows in (owners, writers, commenters)] == [0, 0, 0]
