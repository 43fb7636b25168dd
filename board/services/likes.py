"""Likes and scraps. The counted row is locked before the like is written: the other way round deadlocks."""

from typing import TYPE_CHECKING, Any

from accounts.models import User
from accounts.services.sanctions import refuse_sanctioned
from api.db import write
from board.models import Post
from board.services.content import C, lock_living

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def set_mark(content: C, user: User, marks: "RelatedManager[Any]", counter: str, *, wanted: bool) -> C:
    """Make or remove the one row of `marks` that is the user's, and count it. Twice is once."""
    locked = lock_living(content)
    if wanted:
        _mark, changed = marks.get_or_create(user=user)
    else:
        changed = bool(marks.filter(user=user).delete()[0])
    if changed:
        setattr(locked, counter, getattr(locked, counter) + (1 if wanted else -1))
        locked.save(update_fields=[counter, "updated_at"])
    return locked


@write
def like(*, user: User, content: C, wanted: bool) -> C:
    liked = set_mark(content, user, content.likes, "like_count", wanted=wanted)
    # A new like's foreign key has locked the user's row: a sanction waits for us, or is seen here.
    refuse_sanctioned(user.binding_sanctions)
    return liked


@write
def scrap(*, user: User, post: Post, wanted: bool) -> Post:
    return set_mark(post, user, post.scraps, "scrap_count", wanted=wanted)
