"""Likes and scraps: at most one a person and thing."""

from typing import TYPE_CHECKING, Any

from accounts.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def set_mark(user: User, marks: "RelatedManager[Any]", *, wanted: bool) -> int:
    """Make or remove the one row of `marks` that is the user's. Twice is once.

    By how much there are more of them now: 1, 0 or -1. What they mark must be locked.
    """
    if wanted:
        _mark, made = marks.get_or_create(user=user)
        return int(made)
    return -marks.filter(user=user).delete()[0]
