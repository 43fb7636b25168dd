"""A page of comments as a tree, in two queries however many there are and however deep they nest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from accounts.models import User
from board.models import Comment

# How many comments below each top comment come along; the rest is a page of its own.
DESCENDANTS_PER_THREAD = 50
# The same for a page of replies, whose comments are all of one thread.
DESCENDANTS_PER_PAGE = 500


def attach_descendants(top: Sequence[Comment], user: User) -> None:
    """Give each top comment of a page its tree: `loaded_replies` on every comment, oldest first.

    The page comes from `with_id_of_descendant(DESCENDANTS_PER_THREAD)`.
    """
    threads = Q()
    for comment in top:
        if comment.reply_count:
            bound = {"id__lte": comment.up_to} if comment.up_to else {}  # type: ignore[attr-defined]
            threads |= Q(root=comment, **bound)
    below: Iterable[Comment] = ()
    if threads:
        thread = Comment.objects.shown().for_viewer(user).filter(post=top[0].post_id)
        below = thread.filter(threads).order_by("id")
    attach(top, below)


def attach_below(replies: Sequence[Comment], user: User) -> None:
    """The same for a page of replies to one comment: what was written after the page's first reply."""
    below: Iterable[Comment] = ()
    if any(reply.reply_count for reply in replies):
        thread = Comment.objects.shown().for_viewer(user).filter(root=replies[0].root_id)
        below = thread.filter(id__gt=replies[0].pk).order_by("id")[:DESCENDANTS_PER_PAGE]
    attach(replies, below)


def attach(top: Sequence[Comment], below: Iterable[Comment]) -> None:
    """Hang `below`, which is ordered by id, under its parents.

    A reply has a greater id than its parent. What is loaded is therefore always whole from the oldest on:
    a comment lacks its newest replies or none, and never a reply between two others.
    """
    replies: dict[int, list[Comment]] = defaultdict(list)
    for comment in below:
        if comment.parent_id is not None:
            replies[comment.parent_id].append(comment)
    waiting = list(top)
    while waiting:
        comment = waiting.pop()
        comment.loaded_replies = replies[comment.pk]  # type: ignore[attr-defined]
        waiting.extend(comment.loaded_replies)  # type: ignore[attr-defined]
