"""What a block keeps out of lists, and what it leaves alone."""

from itertools import chain

import pytest

from accounts.models import User
from accounts.tests.factories import StaffFactory, UserFactory
from board.models import Board, Comment, Post
from board.services.boards import set_notice
from board.tests.factories import BoardFactory, PostFactory, make_comment
from board.tests.helpers import begin, block, ids, lift, pages

pytestmark = pytest.mark.django_db

POSTS = "/api/v1/posts/"
FILTERS = (
    "",
    "?board={board}",
    "?category=general",
    "?search=제목",
    "?ordering=likes",
    "?is_question=false",
    "?mine=false",
    "?liked=true",
    "?scrapped=true",
    "?commented=true",
    "?created_after=2020-01-01T00:00:00Z",
)


def posts(client, query=""):
    return ids(client.get(f"{POSTS}{query}").json()["results"])


def comments(client, post):
    return client.get(f"{POSTS}{post.pk}/comments/").json()["results"]


@pytest.fixture
def theirs(api, other, board):
    """By `other`: a named post, an anonymous one, and a named one with an anonymous comment by `other`.

    All liked, kept and commented on by `user`.
    """
    made = [
        PostFactory(board=board, author=other, is_anonymous=anonymous) for anonymous in (False, True, False)
    ]
    make_comment(made[2], author=other, is_anonymous=True)
    for post in made:
        api.put(f"{POSTS}{post.pk}/like/")
        api.put(f"{POSTS}{post.pk}/scrap/")
        api.post(f"{POSTS}{post.pk}/comments/", {"content": f"댓글 {post.pk}"})
    return made


# --- Posts ---
@pytest.mark.parametrize("query", FILTERS)
def test_a_name_covers_the_posts_under_that_name_in_every_list(api, other, theirs, board, query):
    query = query.format(board=board.pk)
    assert posts(api, query) == [post.pk for post in theirs[::-1]]
    made = block(api, user=other.pk)
    assert posts(api, query) == [theirs[1].pk]
    lift(api, made)
    assert posts(api, query) == [post.pk for post in theirs[::-1]]


@pytest.mark.parametrize("query", FILTERS)
def test_the_label_of_a_post_covers_that_post_alone(api, other, theirs, board, query):
    query = query.format(board=board.pk)
    PostFactory(board=board, author=other, is_anonymous=True)
    before = posts(api, query)
    made = block(api, post=theirs[1].pk)
    assert posts(api, query) == [pk for pk in before if pk != theirs[1].pk]
    lift(api, made)
    assert posts(api, query) == before


def test_the_label_of_a_comment_and_a_conversation_cover_no_post(api, other, theirs):
    before = posts(api)
    block(api, comment=theirs[2].comments.get(author=other).pk)
    block(api, conversation=begin(api, theirs[1]))
    assert posts(api) == before


def test_what_is_blocked_is_there_by_id_with_its_comments(api, other, theirs):
    named, anonymous, _post = theirs
    before = [api.get(f"{POSTS}{post.pk}/").content for post in theirs]
    block(api, user=other.pk)
    block(api, post=anonymous.pk)
    assert [api.get(f"{POSTS}{post.pk}/").content for post in theirs] == before
    for post in (named, anonymous):
        assert len(comments(api, post)) == 1
        assert api.post(f"{POSTS}{post.pk}/comments/", {"content": f"또 {post.pk}"}).status_code == 201
        assert api.delete(f"{POSTS}{post.pk}/like/").status_code == 200


def test_ones_own_comments_on_what_is_blocked_stay_ones_own(api, other, theirs):
    before = api.get("/api/v1/comments/").content
    block(api, user=other.pk)
    assert api.get("/api/v1/comments/").content == before


def test_two_blocks_of_one_person_are_lifted_one_by_one(api, other, theirs):
    named, anonymous, _post = theirs
    by_name, by_label = block(api, post=named.pk), block(api, post=anonymous.pk)
    assert posts(api) == []
    lift(api, by_name)
    assert anonymous.pk not in posts(api)
    assert named.pk in posts(api)
    lift(api, by_label)
    assert len(posts(api)) == 3


def test_a_new_name_is_blocked_and_nobody_is_no_name(api, other, theirs):
    block(api, user=other.pk)
    User.objects.filter(pk=other.pk).update(nickname="새이름", nickname_key="새이름")
    assert posts(api) == [theirs[1].pk]
    User.objects.filter(pk=other.pk).delete()
    assert len(posts(api)) == 3


@pytest.mark.parametrize("writer", ["somebody", "a person blocked by name", "nobody"])
def test_whoever_wrote_anonymously_it_is_shown_the_same(api, other, theirs, board, writer):
    """Two databases that differ in who wrote the anonymous rows, to a reader who blocks one of the two."""
    block(api, user=other.pk)
    paths = (POSTS, f"{POSTS}?ordering=likes", *(f"{POSTS}{post.pk}/comments/" for post in theirs))
    before = [api.get(path).content for path in paths]
    authors = {"somebody": UserFactory(school=board.school), "a person blocked by name": other}
    Post.objects.filter(is_anonymous=True).update(author=authors.get(writer))
    Comment.objects.filter(is_anonymous=True, author=other).update(author=authors.get(writer))
    assert [api.get(path).content for path in paths] == before


# --- Who decides sees all ---
def test_nothing_is_kept_from_those_who_decide(clients, people, theirs):
    elsewhere = PostFactory(board=BoardFactory(school=people["user"].school), author=people["author"])
    for role in ("manager", "moderator", "staff"):
        block(clients[role], post=theirs[0].pk)
        block(clients[role], post=theirs[1].pk)
        seen = posts(clients[role])
        assert {post.pk for post in theirs} < {*seen, elsewhere.pk}, role
        assert (elsewhere.pk in seen) == (role != "manager")
        assert comments(clients[role], theirs[2])[0]["state"] == "living"


# --- Nobody else is touched ---
def test_a_block_changes_what_the_blocker_sees_and_nothing_else(api, client_of, other, school, theirs, board):
    readers = [client_of(other), client_of(UserFactory(school=school))]
    paths = [
        POSTS,
        f"{POSTS}?ordering=likes",
        "/api/v1/comments/",
        "/api/v1/boards/",
        "/api/v1/conversations/",
    ]
    paths += [f"{POSTS}{post.pk}/{end}" for post in theirs for end in ("", "comments/")]
    paths += ["/api/v1/blocks/", "/api/v1/users/me/"]
    set_notice(user=StaffFactory(), board=board, post=theirs[0])

    def answers():
        return [reader.get(path).content for reader in readers for path in paths]

    before = answers()
    block(api, user=other.pk)
    block(api, post=theirs[1].pk)
    block(api, comment=theirs[2].comments.get(author=other).pk)
    assert answers() == before


# --- Notices ---
def test_the_notice_of_somebody_blocked_is_not_shown_to_who_manages_nothing(clients, people, board, post):
    set_notice(user=StaffFactory(), board=board, post=post)
    shown = {"id": post.pk, "title": post.title}
    for role, expected in (("user", None), ("manager", shown), ("moderator", shown), ("staff", shown)):
        client = clients[role]
        path = f"/api/v1/boards/{board.pk}/"
        assert client.get(path).json()["notice"] == shown
        made = block(client, user=people["author"].pk) if role != "staff" else block(client, post=post.pk)
        assert client.get(path).json()["notice"] == expected, role
        assert client.get("/api/v1/boards/").json()["results"][0]["notice"] == expected
        lift(client, made)
        assert client.get(path).json()["notice"] == shown


# --- Pages and cost ---
@pytest.mark.parametrize("ordering", ["newest", "likes"])
def test_pages_of_a_feed_with_blocked_posts_skip_nothing(api, board, other, ordering):
    by = [other if n % 3 else None for n in range(30)]
    made = [
        PostFactory(board=board, like_count=n % 4, **({"author": who} if who else {}))
        for n, who in enumerate(by)
    ]
    block(api, user=other.pk)
    block(api, post=PostFactory(board=board, is_anonymous=True).pk)
    kept = [post for post, who in zip(made, by, strict=True) if who is None]
    order = sorted(
        kept, key=lambda post: (post.like_count if ordering == "likes" else 0, post.pk), reverse=True
    )
    found = pages(api, f"{POSTS}?ordering={ordering}&page_size=4")
    assert [len(page) for page in found] == [4, 4, 2]
    assert [*chain(*found)] == [post.pk for post in order]


def test_no_block_and_thirty_cost_the_same(api, user, school, theirs, board, count_queries):
    set_notice(user=StaffFactory(), board=board, post=theirs[0])
    begin(api, theirs[1])
    paths = [POSTS, f"{POSTS}?ordering=likes", "/api/v1/boards/", "/api/v1/comments/"]
    paths += [f"{POSTS}{theirs[2].pk}/{end}" for end in ("", "comments/")]
    paths += ["/api/v1/conversations/", "/api/v1/conversations/unread-count/"]
    none = [count_queries(lambda path=path: api.get(path)) for path in paths]
    for number, blocked in enumerate(UserFactory.create_batch(30, school=school)):
        user.blocks.create(user=blocked)
        user.blocks.create(target_kind="post", target_id=theirs[2].pk, number=number + 10)
        user.blocks.create(target_kind="conversation", target_id=number + 10**6)
    assert [count_queries(lambda path=path: api.get(path)) for path in paths] == none


def test_a_deleted_board_takes_blocked_posts_along(clients, people, theirs, board):
    block(clients["staff"], post=theirs[0].pk)
    Board.objects.filter(pk=board.pk).update(deleted_at=theirs[0].created_at)
    assert posts(clients["staff"]) == []
