"""How popular a post is, in columns by which an index can be walked. No time of asking is in them."""

from collections.abc import Callable
from datetime import datetime
from math import log10
from typing import Protocol

from django.conf import settings
from django.utils import timezone

# For how many seconds a post stands above a newer one with a tenth of its likes: 12.5 hours.
DECAY = 45_000


class Liked(Protocol):
    created_at: datetime
    like_count: int


def hot_rank(post: Liked) -> int:
    """Where a post stands in `ordering=hot`, in seconds: when it was written, and later the more it is liked.

    This is Reddit's `hot` (`_hot` in `r2/r2/lib/db/_sorts.pyx` of the code that it published),
    `log10(max(score, 1)) + seconds / 45000`, times 45,000 and without the votes against, which we have not.
    Like there, the first like weighs nothing, and each ten times as many likes as much as 12.5 hours.
    """
    return int(post.created_at.timestamp()) + round(DECAY * log10(max(post.like_count, 1)))


def best_half(post: Liked) -> int | None:
    """The half-year in Seoul in which one of the BEST was written, counted on from year 0; else None."""
    if post.like_count < settings.BEST_LIKES:
        return None
    written = timezone.localtime(post.created_at, timezone.get_default_timezone())
    return written.year * 2 + (written.month > 6)


# The columns of a post that follow from its likes.
RANKS: dict[str, Callable[[Liked], int | None]] = {"hot_rank": hot_rank, "best_half": best_half}
