"""What people were told of all this, once it is kept."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from accounts.models import Notification
from board.models import Comment, Message, Post

# Where the moment of each kind's news stands. What else there is happened as the demo was loaded.
MOMENTS = {
    "comment": Comment.objects.filter(pk=OuterRef("last_cause")).values("created_at"),
    "reply": Comment.objects.filter(pk=OuterRef("last_cause")).values("created_at"),
    "message": Message.objects.filter(pk=OuterRef("last_cause")).values("created_at"),
    "hot": Post.objects.filter(pk=OuterRef("target_id")).values("hot_at"),
}
READ_AFTER = timedelta(days=7)


def date_notifications(now: datetime) -> None:
    """Let what people were told be as old as what caused it, and read unless it is of the last days.

    Of messages they were told only where they have not read them yet.
    """
    for kind, moment in MOMENTS.items():
        Notification.objects.filter(kind=kind).update(at=Subquery(moment[:1]))
    Notification.objects.filter(at__lt=now - READ_AFTER).exclude(kind="message").mark_read()
