"""Keeping what posts are found by in step with their texts, in the transaction that changes them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from api.db import write
from board.models import Post, PostGram
from board.search import grams_of

# So many grams a statement, and so many posts a transaction.
BATCH = 1_000
POSTS = 200


def grams_of_post(post: Post) -> set[int]:
    return grams_of(post.title, post.content)


def add_grams(post: Post, grams: Iterable[int]) -> None:
    """Let the post be found by `grams`, sorted as the table lies. Those that stand there already stay."""
    rows = [PostGram(school_id=post.school_id, gram=gram, post_id=post.pk) for gram in sorted(grams)]
    PostGram.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def remove_grams(post: Post, grams: Iterable[int]) -> None:
    ordered = sorted(grams)
    for start in range(0, len(ordered), BATCH):
        of_post(post, ordered[start : start + BATCH]).delete()


def of_post(post: Post, grams: list[int]) -> QuerySet[PostGram]:
    """Those of the post's rows that have one of `grams`, by their primary keys."""
    return PostGram.objects.filter(school_id=post.school_id, gram__in=grams, post_id=post.pk)


def reindex_posts() -> dict[str, int]:
    """Add the grams that living posts lack: how many posts were looked at, mended, and by how many grams."""
    report = {"posts": 0, "mended": 0, "grams": 0}
    last = 0
    while ids := list(Post.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:POSTS]):
        for number in reindex(ids):
            report["posts"] += 1
            report["mended"] += bool(number)
            report["grams"] += number
        last = ids[-1]
    return report


@write
def reindex(ids: list[int]) -> list[int]:
    """How many grams each post lacked that is not deleted. The rows are locked: no edit comes between."""
    posts = Post.objects.select_for_update().filter(pk__in=ids, deleted_at=None).order_by("pk")
    return [add_missing(post) for post in posts]


def add_missing(post: Post) -> int:
    grams = sorted(grams_of_post(post))
    missing = set(grams)
    for start in range(0, len(grams), BATCH):
        missing.difference_update(of_post(post, grams[start : start + BATCH]).values_list("gram", flat=True))
    add_grams(post, missing)
    return len(missing)
