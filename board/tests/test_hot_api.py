"""HOT and BEST, and how popular posts are ordered."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from board.models import Post, PostLike
from board.services.likes import like

pytestmark = pytest.mark.django_db

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
