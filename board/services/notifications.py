"""What the board tells people about: tasks, queued by what causes it and named by its id alone.

Each finds out by itself whom to tell: nobody tells themselves, and somebody once of one thing.
"""

from django_tasks import task

from accounts.services.notifications import notify
from board.models import Board, Comment, Message, Participant, Post


@task
def tell_of_comment(comment_id: int) -> None:
    """Tell who wrote what a comment answers; and, unless it is the same person, who wrote the post."""
    comment = Comment.objects.select_related("post__author", "parent__author").get(pk=comment_id)
    post, parent = comment.post, comment.parent
    if parent is not None and parent.author_id != comment.author_id:
        notify(user=parent.author, kind="reply", target_kind="comment", target_id=parent.pk, cause=comment.pk)
    if post.author_id not in (comment.author_id, parent and parent.author_id):
        notify(user=post.author, kind="comment", target_kind="post", target_id=post.pk, cause=comment.pk)


@task
def tell_of_message(message_id: int) -> None:
    """Tell the other side of the conversation."""
    message = Message.objects.get(pk=message_id)
    sides = Participant.objects.filter(conversation=message.conversation_id).select_related("user")
    other = sides.exclude(pk=message.sender_id).get()
    notify(
        user=other.user,
        kind="message",
        target_kind="conversation",
        target_id=message.conversation_id,
        cause=message.pk,
    )


@task
def tell_of_hot_post(post_id: int) -> None:
    """Tell who wrote a post that it is HOT, which it becomes once."""
    post = Post.objects.select_related("author").get(pk=post_id)
    notify(user=post.author, kind="hot", target_kind="post", target_id=post.pk, cause=post.pk)


@task
def tell_of_offer(board_id: int, offer: int) -> None:
    """Tell whom a board is offered to; `offer` is a number that grows with each offer."""
    board = Board.objects.select_related("offered_to").get(pk=board_id)
    notify(user=board.offered_to, kind="board_handover", target_kind="board", target_id=board.pk, cause=offer)
