"""Writing comments. Lock order: the post, then comments from the deepest up."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.authors import POST_AUTHOR
from accounts.exceptions import Frozen
from accounts.models import User
from accounts.services.cases import close_moot
from accounts.services.writing import edit, lock_living, recheck_writer
from api.db import write
from api.errors import does_not_exist
from api.targets import State
from api.tasks import enqueue
from board.models import Board, Comment, Post
from board.models.comments import MAX_DEPTH
from board.services.content import choose_anonymity
from board.services.notifications import tell_of_comment


@write
def create_comment(
    *,
    user: User,
    post: Post,
    content: str,
    parent: Comment | None = None,
    is_anonymous: bool | None = None,
) -> Comment:
    """Comment on a post, or reply to one of its comments.

    A reply below the last level becomes a reply to that level's parent. `parent` of another post, or one
    that can no longer be seen, is a 400 `does_not_exist`; a hidden post or parent is Frozen.
    """
    post = lock_living(post)
    board = Board.objects.get(pk=post.board_id)
    if board.is_deleted:
        raise Frozen
    if parent is not None:
        parent = lock_parent(parent, post)
    is_anonymous = choose_anonymity(board, is_anonymous)
    comment = Comment.objects.create(
        post=post,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        depth=0 if parent is None else parent.depth + 1,
        author=user,
        content=content,
        is_anonymous=is_anonymous,
        alias_number=alias_number(user, post) if is_anonymous else None,
    )
    post.comment_count += 1
    post.save(update_fields=["comment_count", "alias_count", "updated_at"])
    recheck_writer(user, post.school_id)
    if parent is not None:
        Comment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + 1)
    enqueue(tell_of_comment, comment.pk)
    return comment


def lock_parent(parent: Comment, post: Post) -> Comment:
    """The comment a reply is attached to, as it is now. The post's lock keeps it so."""
    if parent.post_id != post.pk:
        raise does_not_exist("parent")
    parent = Comment.objects.get(pk=parent.pk)
    if parent.state == State.DELETED:
        raise does_not_exist("parent")
    lock_living(parent)
    return parent.parent if parent.depth == MAX_DEPTH and parent.parent else parent


def alias_number(user: User, post: Post) -> int:
    """The number a person has in a post: one for good, from the first anonymous comment on.

    0 is the author of an anonymous post. The author of a named one gets a number like anyone, for a
    label that said more would unmask. Call with `post` locked, and save its `alias_count`.
    """
    if post.is_anonymous and post.is_written_by(user):
        return POST_AUTHOR
    earlier = Comment.objects.filter(post=post, author=user, is_anonymous=True).first()
    if earlier is not None and earlier.alias_number is not None:
        return earlier.alias_number
    post.alias_count += 1
    return post.alias_count


@write
def update_comment(*, comment: Comment, changes: dict[str, Any]) -> Comment:
    comment = lock_living(comment)
    edit(comment, changes)
    return comment


@write
def delete_comment(*, comment: Comment) -> None:
    """Delete a comment: with replies it becomes a placeholder, without it leaves the thread."""
    post = Post.objects.select_for_update().get(pk=comment.post_id)
    comment = lock_living(comment)
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at", "updated_at"])
    post.comment_count -= 1
    post.save(update_fields=["comment_count", "updated_at"])
    if comment.reply_count == 0:
        leave_thread(comment)
    close_moot(kind="comment", target_id=comment.pk)


def leave_thread(comment: Comment) -> None:
    """Uncount a comment that is no longer shown; a placeholder above it goes with its last reply."""
    while comment.parent_id is not None:
        parent = Comment.objects.select_for_update().get(pk=comment.parent_id)
        parent.reply_count -= 1
        parent.save(update_fields=["reply_count", "updated_at"])
        if parent.state != State.DELETED or parent.reply_count > 0:
            return
        comment = parent
