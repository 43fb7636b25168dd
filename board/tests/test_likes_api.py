"""Likes of posts and comments, and scraps."""

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.tests.factories import UserFactory
from api.tests.helpers import codes
from board.models import Comment, CommentLike, Post, PostLike, Scrap
from board.services.likes import like
from board.tests.factories import PostFactory, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["post like", "post scrap", "comment like"])
def toggle(request, post):
    """What is marked: its row, the path of the mark, the mark's fields, and the model of the marks."""
    kind, name = request.param.split()
    content = post if kind == "post" else make_comment(post)
    path = f"/api/v1/{kind}s/{content.pk}/{name}/"
    fields = {"like": ("is_liked", "like_count"), "scrap": ("is_scrapped", "scrap_count")}[name]
    model = {"post like": PostLike, "post scrap": Scrap, "comment like": CommentLike}[request.param]
    return content, path, fields, model


def test_marking_twice_is_marking_once_and_so_is_taking_it_back(api, toggle):
    content, path, (mark, count), model = toggle
    for _ in range(2):
        answer = api.put(path)
        assert (answer.status_code, answer.json()) == (200, {mark: True, count: 1})
        assert model.objects.count() == 1
    for _ in range(2):
        answer = api.delete(path)
        assert (answer.status_code, answer.json()) == (200, {mark: False, count: 0})
        assert model.objects.count() == 0
    content.refresh_from_db()
    assert (getattr(content, count), content.edited_at) == (0, None)


def test_everybody_counts_once_and_sees_the_own_mark(api, client_of, school, toggle):
    _content, path, (mark, count), _model = toggle
    second = client_of(UserFactory(school=school))
    api.put(path)
    assert second.put(path).json()[count] == 2
    assert api.delete(path).json() == {mark: False, count: 1}

    by_id = path.rsplit("/", 2)[0] + "/"
    assert (api.get(by_id).json()[mark], api.get(by_id).json()[count]) == (False, 1)
    assert (second.get(by_id).json()[mark], second.get(by_id).json()[count]) == (True, 1)


def test_a_list_and_a_thread_show_the_own_marks(api, post):
    comment = make_comment(post)
    for path in (f"posts/{post.pk}/like", f"posts/{post.pk}/scrap", f"comments/{comment.pk}/like"):
        api.put(f"/api/v1/{path}/")
    (row,) = api.get("/api/v1/posts/").json()["results"]
    assert (row["is_liked"], row["is_scrapped"], row["like_count"], row["scrap_count"]) == (True, True, 1, 1)
    (row,) = api.get(f"/api/v1/posts/{post.pk}/comments/").json()["results"]
    assert (row["is_liked"], row["like_count"]) == (True, 1)


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_nobody_likes_what_they_wrote(api, user, board, is_anonymous):
    post = PostFactory(board=board, author=user, is_anonymous=is_anonymous)
    comment = make_comment(post, author=user, is_anonymous=is_anonymous)
    for path in (f"posts/{post.pk}", f"comments/{comment.pk}"):
        for method in ("put", "delete"):
            answer = getattr(api, method)(f"/api/v1/{path}/like/")
            assert (answer.status_code, codes(answer)) == (403, {(None, "own_content")})
    post.refresh_from_db()
    assert post.like_count == 0


def test_one_keeps_what_one_wrote(api, user, board):
    post = PostFactory(board=board, author=user)
    assert api.put(f"/api/v1/posts/{post.pk}/scrap/").json() == {"is_scrapped": True, "scrap_count": 1}


def test_an_unverified_user_keeps_but_does_not_like(client_of, school, post):
    api = client_of(UserFactory(school=school, school_verified_at=None))
    assert api.put(f"/api/v1/posts/{post.pk}/scrap/").status_code == 200
    assert codes(api.put(f"/api/v1/posts/{post.pk}/like/")) == {(None, "verification_required")}


def test_marks_are_read_from_both_sides(api, user, other, post):
    comment = make_comment(post)
    for path in (f"posts/{post.pk}/like", f"posts/{post.pk}/scrap", f"comments/{comment.pk}/like"):
        assert api.put(f"/api/v1/{path}/").status_code == 200
    assert list(post.likers.all()) == list(post.scrappers.all()) == list(comment.likers.all()) == [user]
    assert list(user.liked_posts.all()) == list(user.scrapped_posts.all()) == [post]
    assert list(user.liked_comments.all()) == [comment]
    assert not other.liked_posts.exists()
    assert list(Post.objects.filter(likers=user, scrappers=user)) == [post]
    assert list(Comment.objects.filter(likers=user)) == [comment]


def test_the_database_takes_no_second_mark_of_one_user(user, toggle):
    content, _path, _fields, model = toggle
    target = "comment" if isinstance(content, Comment) else "post"
    model.objects.create(user=user, **{target: content})
    with pytest.raises(IntegrityError):
        model.objects.create(user=user, **{target: content})


def test_the_marks_of_who_left_stay_and_stay_counted(api, client_of, school, toggle):
    _content, path, (_mark, count), model = toggle
    for leaving in UserFactory.create_batch(2, school=school):
        client_of(leaving).put(path)
        User.objects.filter(pk=leaving.pk).delete()
    assert model.objects.filter(user=None).count() == 2
    assert api.put(path).json()[count] == 3


def test_a_like_writes_nothing_that_others_wrote_meanwhile(user, post):
    stale = Post.objects.get(pk=post.pk)
    Post.objects.filter(pk=post.pk).update(like_count=5, title="새 제목")
    assert like(user=user, content=stale, wanted=True).like_count == 6
    post.refresh_from_db()
    assert (post.title, post.like_count) == ("새 제목", 6)
