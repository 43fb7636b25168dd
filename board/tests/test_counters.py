"""`reconcile_counters`: recomputing what services count."""

import pytest
from django.core.management import call_command
from django.db.models import Model

from api.tests.helpers import make_picture
from board.models import Comment, Post, PostLike, PostMedia
from board.popularity import RANKS
from board.services.comments import delete_comment
from board.services.counters import COUNTERS
from board.services.likes import like, scrap
from board.services.media import delete_media, upload_media
from board.services.posts import update_post
from board.tests.factories import PostFactory, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(post, user, manager):
    """A post and a comment on which everything is counted, and a thread with placeholders."""
    top = make_comment(post)
    deleted = make_comment(post, parent=top)
    make_comment(post, parent=deleted)
    delete_comment(comment=deleted)
    delete_comment(comment=make_comment(post))
    like(user=user, content=post, wanted=True)
    like(user=manager, content=post, wanted=True)
    scrap(user=user, post=post, wanted=True)
    like(user=user, content=top, wanted=True)
    pictures = [upload_media(user=post.author, image=make_picture()) for _ in range(3)]
    update_post(post=post, changes={"media": [picture.pk for picture in pictures]})
    delete_media(media=PostMedia.objects.get(pk=pictures[0].pk))
    post.refresh_from_db()
    return {Post: post, Comment: top}


NAMES = [counter.name for counter in COUNTERS] + [f"post.{column}" for column in RANKS]


def counters() -> list[tuple[type[Model], dict[str, int]]]:
    columns = {
        Post: ("like_count", "scrap_count", "comment_count", "media_count"),
        Comment: ("like_count", "reply_count"),
    }
    return [
        (model, row)
        for model, names in columns.items()
        for row in model.objects.order_by("pk").values(*names)
    ]


def reconcile(capsys):
    """What the command reports of this app's counters."""
    call_command("reconcile_counters")
    report = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    return {name: report[name] for name in NAMES}


def mended(**numbers):
    """What is reported: `numbers` by counter, and 0 for all others."""
    named = {name.replace("__", "."): number for name, number in numbers.items()}
    return {name: f"{named.get(name, 0)} mended" for name in NAMES}


def test_what_services_count_is_right(counted, capsys):
    assert reconcile(capsys) == mended()


@pytest.mark.parametrize("wrong", [0, 7])
@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: counter.name)
def test_each_counter_is_mended_and_reported(counted, capsys, counter, wrong):
    before = counters()
    counter.model.objects.filter(pk=counted[counter.model].pk).update(**{counter.column: wrong})
    assert counters() != before
    assert reconcile(capsys) == mended(**{counter.name.replace(".", "__"): 1})
    assert counters() == before
    assert reconcile(capsys) == mended()


def test_all_at_once_are_mended(counted, capsys):
    before = counters()
    Post.objects.update(like_count=3, scrap_count=3, comment_count=3)
    Comment.objects.update(like_count=3, reply_count=3)
    reconcile(capsys)
    assert counters() == before
    assert reconcile(capsys) == mended()


def test_a_placeholder_without_replies_leaves_its_parents_count_too(post, capsys):
    """Mending one count makes the one above it wrong, up to the top."""
    top = make_comment(post)
    middle = make_comment(post, parent=top)
    leaf = make_comment(post, parent=middle)
    Comment.objects.filter(pk__in=[middle.pk, leaf.pk]).update(deleted_at=leaf.created_at)
    assert reconcile(capsys) == mended(post__comment_count=1, comment__reply_count=2)
    top.refresh_from_db()
    assert top.reply_count == 0
    assert reconcile(capsys) == mended()


def test_more_rows_than_a_batch_are_mended(post, monkeypatch, capsys):
    monkeypatch.setattr("api.counters.BATCH", 2)
    for _ in range(5):
        make_comment(post)
    Comment.objects.update(like_count=9)
    assert reconcile(capsys) == mended(comment__like_count=5)


def ranks(post):
    return Post.objects.values_list("like_count", *RANKS, "hot_at").get(pk=post.pk)


@pytest.mark.parametrize(("wrong", "column"), [(0, "hot_rank"), (7, "hot_rank"), (4053, "best_half")])
def test_ranks_are_mended_and_reported(counted, capsys, wrong, column):
    before = ranks(counted[Post])
    Post.objects.update(**{column: wrong})
    assert reconcile(capsys) == mended(**{f"post__{column}": 1})
    assert ranks(counted[Post]) == before
    assert reconcile(capsys) == mended()


def test_ranks_follow_a_like_count_that_was_mended_and_hot_stays(counted, capsys, settings):
    settings.HOT_LIKES, settings.BEST_LIKES = 1, 3
    post = counted[Post]
    before = ranks(post)
    PostLike.objects.bulk_create(PostLike(post=post) for _ in range(98))
    assert reconcile(capsys) == mended(post__like_count=1, post__hot_rank=1, post__best_half=1)
    likes, rank, half, hot_at = ranks(post)
    assert (likes, rank) == (100, int(post.created_at.timestamp()) + 90_000)
    assert (half is None, hot_at) == (False, None)
    PostLike.objects.filter(user=None).delete()
    reconcile(capsys)
    assert ranks(post) == before


def test_a_new_threshold_takes_hold_with_the_next_reconciling(counted, capsys, settings):
    settings.BEST_LIKES = 2
    assert reconcile(capsys) == mended(post__best_half=1)
    settings.BEST_LIKES = 3
    assert reconcile(capsys) == mended(post__best_half=1)


def test_ranks_of_more_posts_than_a_batch_are_mended(board, monkeypatch, capsys):
    monkeypatch.setattr("board.services.counters.BATCH", 2)
    PostFactory.create_batch(5, board=board)
    Post.objects.update(hot_rank=0)
    assert reconcile(capsys) == mended(post__hot_rank=5)
