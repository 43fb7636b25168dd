"""The demo's friends: `by` a student's number, `with` another's, whom they may call by a name of their own.

A friend with `waits` has been asked and has not answered yet.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.demo import Cast
from accounts.models import Notification
from timetable.models import Friendship
from timetable.services.friends import accept_request, ask_friend, call_friend

# The first was asked so long ago, each other one so much later; so long it took them to answer.
ASKED, APART, TOOK = timedelta(days=12), timedelta(hours=47), timedelta(hours=5)


def make_friends(cast: Cast, scripts: list[dict[str, Any]], now: datetime) -> None:
    for number, script in enumerate(scripts):
        user, other = (cast.students[script[name] - 1] for name in ("by", "with"))
        row = ask_friend(user=user, other=other)
        asked_at = now - ASKED + number * APART
        moments: dict[str, datetime] = {"created_at": asked_at}
        if not script.get("waits"):
            accept_request(user=other, request=row)
            call_friend(user=user, friendship=row, display_name=script.get("calls", ""))
            moments["accepted_at"] = asked_at + TOOK
        Friendship.objects.filter(pk=row.pk).update(**moments)


def date_notifications() -> None:
    """Let what people were told be as old as what caused it."""
    for kind, moment in (("friend_request", "created_at"), ("friend_accepted", "accepted_at")):
        row = Friendship.objects.filter(pk=OuterRef("target_id")).values(moment)
        Notification.objects.filter(kind=kind).update(at=Subquery(row[:1]))
