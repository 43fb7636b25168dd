"""What posts are found by stays in step with their texts."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from api.tests.helpers import at_once
from board.models import Post, PostGram
from board.search import grams_of
from board.services.posts import create_post, delete_post, update_post
from board.services.search import BATCH, grams_of_post
from board.tests.factories import PostFactory

pytestmark = pytest.mark.django_db


def grams_in(post):
    rows = PostGram.objects.filter(post_id=post.pk)
    assert {row.school_id for row in rows} <= {post.school_id}
    return {row.gram for row in rows}


def is_exact(post):
    post = Post.objects.get(pk=post.pk)
    return grams_in(post) == grams_of(post.title, post.content)


def test_grams_are_two_characters_of_a_word():
    assert len(grams_of("가나 나가", "가나")) == 2
    assert grams_of("가", "나 😀") == set()
    assert grams_of("😀🍕", "") != grams_of("😀😀", "")
    assert grams_of("Ａb", "") == grams_of("", "aB")


def test_grams_are_exact_after_each_write(user, board):
    post = create_post(user=user, board=board, title="오늘 학식", content="메뉴 😀🍕")
    assert is_exact(post)
    for changes in ({"title": "내일 학식"}, {"content": "학식 메뉴"}, {"title": "학", "content": "식"}):
        update_post(post=post, changes=changes)
        assert is_exact(post)
    delete_post(post=post)
    assert grams_in(post) == set()


def test_a_long_text_is_found_whole(user, board):
    content = "".join(chr(0xAC00 + number) for number in range(3 * BATCH))
    post = create_post(user=user, board=board, title="긴 글", content=content)
    assert is_exact(post)
    update_post(post=post, changes={"content": "짧은 글"})
    assert is_exact(post)


def test_posts_that_lack_grams_are_mended(board, capsys):
    whole, part, none, deleted = PostFactory.create_batch(4, board=board, content="오늘 학식 메뉴")
    PostGram.objects.filter(post_id=part.pk, gram__in=grams_of("학식", "")).delete()
    PostGram.objects.filter(post_id=none.pk).delete()
    delete_post(post=deleted)
    missing = 1 + len(grams_of_post(none))
    call_command("reindex_posts")
    assert f"3 posts looked at, 2 mended, {missing} grams added" in capsys.readouterr().out
    assert all(is_exact(post) for post in (whole, part, none))
    assert grams_in(deleted) == set()
    call_command("reindex_posts")
    assert "3 posts looked at, 0 mended, 0 grams added" in capsys.readouterr().out


def test_the_migration_fills_in_batches_and_can_be_run_again(board, monkeypatch):
    migration = import_module("board.migrations.0005_search")
    monkeypatch.setattr(migration, "POSTS", 2)
    posts = PostFactory.create_batch(5, board=board, content="오늘 학식 메뉴")
    delete_post(post=posts[1])
    PostGram.objects.all().delete()
    for _ in range(2):
        migration.fill(apps, None)
        assert all(is_exact(post) for post in posts if post != posts[1])
        assert grams_in(posts[1]) == set()


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_grams_are_exact_after_two_edits_at_once():
    post = PostFactory(title="오늘 학식", content="메뉴")

    def edit(**changes):
        return lambda: update_post(post=Post.objects.get(pk=post.pk), changes=changes)

    for number in range(5):
        at_once(
            edit(title=f"돈까스 {number}번"),
            edit(title=f"제육 {number}인분"),
            edit(content=f"품절 {number}개"),
        )
        assert is_exact(post)
