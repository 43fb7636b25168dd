"""Ranking the posts that were there before ranks."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from board.models import Post, PostLike
from board.popularity import RANKS
from board.tests.factories import PostFactory

migration = import_module("board.migrations.0004_popularity")


@pytest.fixture
def posts(db, board):
    """Posts with 0, 9, 10 and 120 likes, one a minute, as they were before ranks."""
    made = {likes: PostFactory(board=board) for likes in (0, 9, 10, 120)}
    for likes, post in made.items():
        PostLike.objects.bulk_create(PostLike(post=post) for _ in range(likes))
        marks = PostLike.objects.filter(post=post).order_by("pk")
        for minute, mark in enumerate(marks):
            mark.created_at = post.created_at + timedelta(minutes=minute)
        PostLike.objects.bulk_update(marks, ["created_at"])
        Post.objects.filter(pk=post.pk).update(like_count=likes, hot_rank=0)
    return made


def ranked(post):
    post.refresh_from_db()
    return {column: getattr(post, column) for column in RANKS} == {
        column: rank(post) for column, rank in RANKS.items()
    }


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_every_post_is_ranked_and_hot_since_its_tenth_like(posts, monkeypatch, batch):
    monkeypatch.setattr(migration, "BATCH", batch)
    migration.rank_posts(apps, connection.schema_editor())
    assert all(ranked(post) for post in posts.values())
    assert [post.best_half is not None for post in posts.values()] == [False, False, False, True]
    tenth = [post.created_at + timedelta(minutes=9) for post in posts.values()]
    assert [post.hot_at for post in posts.values()] == [None, None, *tenth[2:]]


def test_what_is_hot_already_stays_as_it_is_also_the_second_time(posts):
    now = timezone.now()
    Post.objects.filter(pk=posts[10].pk).update(hot_at=now)
    for _ in range(2):
        migration.rank_posts(apps, connection.schema_editor())
    assert Post.objects.get(pk=posts[10].pk).hot_at == now


def test_a_count_without_its_likes_makes_nothing_hot(posts):
    posts[10].likes.all().delete()
    migration.rank_posts(apps, connection.schema_editor())
    assert Post.objects.get(pk=posts[10].pk).hot_at is None
