"""Likes and scraps. The counted row is locked before the like is written: the other way round deadlocks."""

from django.utils import timezone

from accounts.models import User
from accounts.services.marks import set_mark
from accounts.services.sanctions import refuse_sanctioned
from accounts.services.writing import lock_living
from api.db import write
from api.tasks import enqueue
from board.models import Post
from board.popularity import RANKS
from board.services.content import C
from board.services.notifications import tell_of_hot_post


@write
def like(*, user: User, content: C, wanted: bool) -> C:
    locked = lock_living(content)
    if step := set_mark(user, locked.likes, wanted=wanted):
        locked.like_count += step
        followers: tuple[str, ...] = follow_likes(locked, step) if isinstance(locked, Post) else ()
        locked.save(update_fields=["like_count", *followers, "updated_at"])
    # A new like's foreign key has locked the user's row: a sanction waits for us, or is seen here.
    refuse_sanctioned(user.binding_sanctions)
    return locked


def follow_likes(post: Post, step: int) -> tuple[str, ...]:
    """Let what depends on its likes follow them, in a locked post; the fields to save with them."""
    if step > 0 and post.becomes_hot:
        make_hot(post)
    return ("hot_at", *RANKS)


def make_hot(post: Post) -> None:
    """What happens once in the life of a post, under its lock, with the like that makes it HOT."""
    post.hot_at = timezone.now()
    enqueue(tell_of_hot_post, post.pk)


@write
def scrap(*, user: User, post: Post, wanted: bool) -> Post:
    locked = lock_living(post)
    if step := set_mark(user, locked.scraps, wanted=wanted):
        locked.scrap_count += step
        locked.save(update_fields=["scrap_count", "updated_at"])
    return locked
