"""Writing posts."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.services.cases import close_moot
from api.db import write
from api.errors import does_not_exist
from board.exceptions import QuestionAnswered
from board.models import Board, Comment, Post
from board.services.content import choose_anonymity, edit, lock_living, recheck_writer
from board.services.search import add_grams, grams_of_post, remove_grams


@write
def create_post(*, user: User, board: Board, is_anonymous: bool | None = None, **fields: Any) -> Post:
    """Write a post. `is_anonymous` None means as the board would have it."""
    # The board's row first: it is locked from here, so the board can't be deleted meanwhile.
    if not Board.objects.living().filter(pk=board.pk).update(last_post_at=timezone.now()):
        raise does_not_exist("board")
    post = Post.objects.create(
        board=board,
        school_id=board.school_id,
        author=user,
        is_anonymous=choose_anonymity(board, is_anonymous),
        **fields,
    )
    add_grams(post, grams_of_post(post))
    recheck_writer(user, board.school_id)
    return post


@write
def update_post(*, post: Post, changes: dict[str, Any]) -> Post:
    """Change title or content, unless the post is hidden or a question that others have answered."""
    post = lock_living(post)
    refuse_answered(post)
    before = grams_of_post(post)
    edit(post, changes)
    after = grams_of_post(post)
    remove_grams(post, before - after)
    add_grams(post, after - before)
    return post


@write
def delete_post(*, post: Post) -> None:
    """Take a post out of sight, its comments with it. A notice it was is gone too."""
    # The board first, as `set_notice` locks them: the notice is this post or is not, until we are done.
    board = Board.objects.select_for_update().get(pk=post.board_id)
    post = lock_living(post)
    refuse_answered(post)
    if board.notice_id == post.pk:
        Board.objects.filter(pk=board.pk).update(notice=None)
    post.deleted_at = timezone.now()
    post.save(update_fields=["deleted_at", "updated_at"])
    remove_grams(post, grams_of_post(post))
    close_moot(kind="post", target_id=post.pk)


def refuse_answered(post: Post) -> None:
    """Who answered a question keeps it: the answer would lose its sense.

    One's own comments are no answers, but only where everybody sees that they are one's own. Did an
    anonymous one under a named question not count, editing the question would tell whose it is.
    """
    living = Comment.objects.filter(post=post, deleted_at=None)
    answers = living.exclude(author=post.author_id, is_anonymous=post.is_anonymous)
    if post.is_question and answers.exists():
        raise QuestionAnswered
