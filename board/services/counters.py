"""Recomputing the counters that services keep, and what follows from them."""

from api.counters import BATCH, Counter, reconcile
from api.db import write
from board.models import Comment, CommentLike, Post, PostLike, PostMedia, Scrap
from board.popularity import RANKS

COUNTERS = (
    Counter(Post, "like_count", PostLike.objects.all, "post"),
    Counter(Post, "scrap_count", Scrap.objects.all, "post"),
    Counter(Post, "comment_count", lambda: Comment.objects.filter(deleted_at=None), "post"),
    Counter(Post, "media_count", PostMedia.objects.all, "post"),
    Counter(Comment, "like_count", CommentLike.objects.all, "comment"),
    Counter(Comment, "reply_count", lambda: Comment.objects.shown(), "parent"),
)


def reconcile_counters() -> dict[str, int]:
    """Mend every counter that is off, then the ranks; how many rows were, by column. HOT stays as it was."""
    return reconcile(COUNTERS) | reconcile_ranks()


def reconcile_ranks() -> dict[str, int]:
    """Walk all posts, for no database reckons as `board.popularity` does; mend one at a time."""
    mended = dict.fromkeys(RANKS, 0)
    posts = Post.objects.only("created_at", "like_count", *RANKS).order_by("pk")
    last = 0
    while batch := list(posts.filter(pk__gt=last)[:BATCH]):
        for post in batch:
            for column in mend_ranks(post.pk) if wrong_ranks(post) else ():
                mended[column] += 1
        last = batch[-1].pk
    return {f"post.{column}": number for column, number in mended.items()}


@write
def mend_ranks(pk: int) -> dict[str, int | None]:
    """Let a post's ranks follow its likes, as they are under its lock; the columns that did not."""
    wrong = wrong_ranks(Post.objects.select_for_update().get(pk=pk))
    if wrong:
        Post.objects.filter(pk=pk).update(**wrong)
    return wrong


def wrong_ranks(post: Post) -> dict[str, int | None]:
    """The ranks that do not follow from the post's likes, as they should be."""
    ranks = {column: rank(post) for column, rank in RANKS.items()}
    return {column: rank for column, rank in ranks.items() if getattr(post, column) != rank}
