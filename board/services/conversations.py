"""Messages. Lock order: the origin of a conversation, the conversation, its sides."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import OwnContent
from accounts.models import User
from accounts.services.notifications import mark_target_read
from accounts.services.writing import lock_living, lock_writer, recheck_writer
from api.db import write
from api.errors import does_not_exist, invalid
from api.tasks import enqueue
from board.models import Comment, Conversation, Message, Participant, Post
from board.services.content import C
from board.services.hiding import KINDS
from board.services.notifications import tell_of_message


@write
def begin_conversation(*, user: User, origin: C, content: str, is_anonymous: bool | None = None) -> Message:
    """Write to the author of a post or comment, anonymously unless `is_anonymous` is False.

    Where one did so before, this goes on with that conversation: `is_anonymous` must then be as it was,
    or left out. Raises OwnContent for one's own, Frozen for what is hidden.
    """
    if origin.is_written_by(user):
        raise OwnContent
    # Locked, so that two first messages at once make one conversation.
    try:
        origin = lock_living(origin)
    except Http404:
        raise does_not_exist(KINDS[type(origin)]) from None
    begun = Conversation.objects.select_for_update().filter(initiator=user, **as_origin(origin)).first()
    if begun is None:
        begun = make_conversation(user, origin, is_anonymous is not False)
    elif is_anonymous not in (None, begun.participants.get(is_initiator=True).is_anonymous):
        message = _("You have written to this author before, and can't change how you appear.")
        raise invalid("is_anonymous", message, "anonymity_not_allowed")
    return deliver(user, begun, content)


@write
def send_message(*, user: User, conversation: Conversation, content: str) -> Message:
    """Write to the other side. Into a block, or to somebody who is gone, it is accepted all the same."""
    return deliver(user, lock_conversation(conversation.pk), content)


def lock_conversation(pk: int) -> Conversation:
    """Whatever changes its sides or adds a message holds this lock."""
    return Conversation.objects.select_for_update().get(pk=pk)


def as_origin(content: Post | Comment) -> dict[str, Any]:
    """The field of a conversation that says where it began."""
    return {f"origin_{KINDS[type(content)]}": content}


def make_conversation(user: User, origin: Post | Comment, is_anonymous: bool) -> Conversation:
    """Each side is seen as it was at the start: the recipient as the origin shows its author."""
    conversation = Conversation.objects.create(initiator=user, **as_origin(origin))
    Participant.objects.create(
        conversation=conversation, user=user, is_initiator=True, is_anonymous=is_anonymous
    )
    Participant.objects.create(
        conversation=conversation,
        # Not `origin.author`: that is a query more where there still is one.
        user_id=origin.author_id,
        is_initiator=False,
        is_anonymous=origin.is_anonymous,
        alias_number=getattr(origin, "alias_number", None),
    )
    recheck_writer(user, conversation.post.school_id)
    return conversation


def deliver(user: User, conversation: Conversation, content: str) -> Message:
    """Add a message to a locked conversation. 404 for whoever withdrew since the request began.

    Into a block the same statements run, so that neither the answer nor its time tells.
    """
    sender, other = sorted(conversation.participants.with_block(), key=lambda side: side.user_id != user.pk)
    if sender.user_id != user.pk:
        raise Http404
    is_dropped: bool = other.is_blocked  # type: ignore[attr-defined]
    message = Message.objects.create(
        conversation=conversation, sender=sender, content=content, is_dropped=is_dropped
    )
    show_last(sender, message.pk)
    show_last(other, other.last_message_id if is_dropped else message.pk)
    lock_writer(user.pk)
    enqueue(tell_of_message, message.pk)
    return message


def show_last(side: Participant, message: int | None) -> None:
    Participant.objects.filter(pk=side.pk).update(last_message=message)


@write
def mark_read(*, side: Participant, up_to: int) -> None:
    """Everything up to the message `up_to` is read. What is read stays read.

    So is what one was told of the conversation, if nothing else is new in it.
    """
    lock_conversation(side.conversation_id)
    Participant.objects.filter(pk=side.pk, read_up_to__lt=up_to).update(read_up_to=up_to)
    mark_target_read(
        user_id=side.user_id,
        kind="message",
        target_kind="conversation",
        target_id=side.conversation_id,
        up_to=up_to,
    )


@write
def clear_conversation(*, side: Participant) -> None:
    """Clear a conversation for oneself: it comes back, empty, with the next message."""
    lock_conversation(side.conversation_id)
    side.refresh_from_db(fields=["last_message"])
    last = side.last_message_id
    if last is not None:
        Participant.objects.filter(pk=side.pk).update(cleared_up_to=last, read_up_to=last, last_message=None)
