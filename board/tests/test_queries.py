"""A list costs the same number of queries however many rows it has."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import UserFactory
from board.services.hiding import hide
from board.tests.factories import BoardFactory, PostFactory, make_comment

pytestmark = pytest.mark.django_db


def boards(user):
    board = BoardFactory(school=user.school, manager=UserFactory(school=user.school))
    board.notice = PostFactory(board=board)
    board.save()


def pins(user):
    board = PostFactory(board=BoardFactory(school=user.school)).board
    user.board_pins.create(board=board, position=user.board_pins.count())


def posts(user):
    """Each on a board of its own and by another author; every other one anonymous."""
    post = PostFactory(board=BoardFactory(school=user.school))
    PostFactory(board=post.board, author=user, is_anonymous=True)
    user.post_likes.create(post=post)


def popular(user):
    PostFactory(board=BoardFactory(school=user.school), hot_at=timezone.now(), like_count=100)


def own_comments(user):
    make_comment(PostFactory(board=BoardFactory(school=user.school)), author=user)


def threads(user):
    """A top comment with replies by others, three deep, one of them hidden."""
    post = user.school.posts.first()
    top = make_comment(post)
    reply = make_comment(post, parent=top, author=user, is_anonymous=True)
    hidden = make_comment(post, parent=reply)
    make_comment(post, parent=hidden)
    hide(user=UserFactory(school=user.school), content=hidden, reason="spam")


def replies(user):
    post = user.school.posts.first()
    top = post.comments.filter(parent=None).first() or make_comment(post)
    reply = make_comment(post, parent=top)
    make_comment(post, parent=make_comment(post, parent=reply, is_anonymous=True))


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (boards, "boards/"),
        (pins, "boards/?pinned=true"),
        (posts, "posts/"),
        (posts, "posts/?ordering=likes"),
        (popular, "posts/?hot=true"),
        (popular, "posts/?best=true"),
        (popular, "posts/?ordering=hot"),
        (posts, "posts/?liked=true"),
        (posts, "posts/?category=general"),
        (posts, "posts/?search=제목"),
        (posts, "posts/?mine=true"),
        (own_comments, "comments/"),
        (threads, "posts/{post}/comments/"),
        (replies, "comments/{comment}/replies/"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("role", ["user", "moderator", "unverified"])
def test_one_row_and_thirty_cost_the_same(client_of, user, count_queries, make, path, role):
    if make in (threads, replies):
        PostFactory(board=BoardFactory(school=user.school))
    if role != "user":
        changes = {"moderator": {"is_moderator": True}, "unverified": {"school_verified_at": None}}[role]
        for attr, value in changes.items():
            setattr(user, attr, value)
        user.save()
    api = client_of(user)
    make(user)
    post = user.school.posts.first()
    comment = post.comments.filter(parent=None).first() if post else None
    url = f"/api/v1/{path}".format(post=post and post.pk, comment=comment and comment.pk)
    url += ("&" if "?" in url else "?") + "page_size=100"

    one = count_queries(lambda: api.get(url))
    few = len(api.get(url).json()["results"])
    for _ in range(29):
        make(user)
    thirty = count_queries(lambda: api.get(url))
    assert len(api.get(url).json()["results"]) >= few + 29
    assert thirty == one <= 6


def test_a_post_costs_the_same_whoever_wrote_it(api, count_queries, board, user):
    made = [
        PostFactory(board=board),
        PostFactory(board=board, is_anonymous=True),
        PostFactory(board=board, author=user),
    ]
    costs = {count_queries(lambda post=post: api.get(f"/api/v1/posts/{post.pk}/")) for post in made}
    assert len(costs) == 1


@pytest.mark.server
def test_the_planner_intersects_no_indexes(db):
    """With them a board's feed is sorted whole, where walking its index from the end finds a page at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@optimizer_switch")
        (switches,) = cursor.fetchone()
    assert "index_merge_intersection=off" in switches
