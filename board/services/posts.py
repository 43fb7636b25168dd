"""Writing posts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from accounts.services.cases import close_moot
from accounts.services.writing import edit, lock_living, recheck_writer, save_edit
from api.db import write
from api.errors import does_not_exist
from board.models import Board, Post
from board.services.content import choose_anonymity, refuse_answered
from board.services.media import drop_all, set_media
from board.services.search import add_grams, grams_of_post, remove_grams


@write
def create_post(
    *, user: User, board: Board, is_anonymous: bool | None = None, media: Sequence[UUID] = (), **fields: Any
) -> Post:
    """Write a post. `is_anonymous` None means as the board would have it; `media` are uploaded pictures."""
    # The board's row first: it is locked from here, so the board can't be deleted meanwhile.
    if not Board.objects.living().filter(pk=board.pk).update(last_post_at=timezone.now()):
        raise does_not_exist("board")
    post = Post.objects.create(
        board=board,
        school_id=board.school_id,
        author=user,
        is_anonymous=choose_anonymity(board, is_anonymous),
        media_count=len(media),
        **fields,
    )
    set_media(post, media)
    add_grams(post, grams_of_post(post))
    recheck_writer(user, board.school_id)
    return post


@write
def update_post(*, post: Post, changes: dict[str, Any]) -> Post:
    """Change title, content or pictures, unless it is hidden or a question that others have answered."""
    post = lock_living(post)
    refuse_answered(post)
    before = grams_of_post(post)
    if "media" in changes and set_media(post, changes["media"]):
        save_edit(post, "media_count")
    edit(post, {attr: value for attr, value in changes.items() if attr != "media"})
    after = grams_of_post(post)
    remove_grams(post, before - after)
    add_grams(post, after - before)
    return post


@write
def delete_post(*, post: Post) -> None:
    """Take a post out of sight, its comments with it. A notice it was is gone too; its pictures go."""
    # The board first, as `set_notice` locks them: the notice is this post or is not, until we are done.
    board = Board.objects.select_for_update().get(pk=post.board_id)
    post = lock_living(post)
    refuse_answered(post)
    if board.notice_id == post.pk:
        Board.objects.filter(pk=board.pk).update(notice=None)
    post.deleted_at = timezone.now()
    drop_all(post)
    post.save(update_fields=["deleted_at", "media_count", "updated_at"])
    remove_grams(post, grams_of_post(post))
    close_moot(kind="post", target_id=post.pk)
