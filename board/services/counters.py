"""Recomputing the counters that services keep."""

from api.counters import Counter, reconcile
from board.models import Comment, CommentLike, Post, PostLike, Scrap

COUNTERS = (
    Counter(Post, "like_count", PostLike.objects.all, "post"),
    Counter(Post, "scrap_count", Scrap.objects.all, "post"),
    Counter(Post, "comment_count", lambda: Comment.objects.filter(deleted_at=None), "post"),
    Counter(Comment, "like_count", CommentLike.objects.all, "comment"),
    Counter(Comment, "reply_count", lambda: Comment.objects.shown(), "parent"),
)


def reconcile_counters() -> dict[str, int]:
    """Mend every counter that is off; how many rows were, by counter."""
    return reconcile(COUNTERS)
