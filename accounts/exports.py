"""What one takes along of one's account."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import QuerySet

from accounts.models import Block, Notification, Report, Session, User
from accounts.serializers.blocks import BlockSerializer
from accounts.serializers.notifications import NotificationSerializer, NotificationSettingsSerializer
from accounts.serializers.reports import ReportSerializer
from accounts.serializers.sessions import SessionSerializer
from accounts.serializers.users import MeSerializer
from accounts.services.notifications import get_switches, tell
from api.exports import CHUNK, Part


def picture(user: User) -> Iterable[tuple[str, str]]:
    name = user.picture.name or ""
    return [(f"pictures/me.{name.rpartition('.')[2]}", name)] if name else []


def blocks(user: User) -> QuerySet[Block]:
    return Block.objects.visible_to(user).select_related("user").order_by("pk")


def reports(user: User) -> QuerySet[Report]:
    return Report.objects.visible_to(user).select_related("case").order_by("pk")


def sessions(user: User) -> QuerySet[Session]:
    return Session.objects.visible_to(user).order_by("created_at")


def notifications(user: User) -> Iterator[Notification]:
    rows = Notification.objects.visible_to(user).order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from tell(chunk, user)


PARTS = (
    Part("profile", lambda user: [user], MeSerializer, files=picture),
    Part("blocks", blocks, BlockSerializer),
    Part("reports", reports, ReportSerializer),
    Part("sessions", sessions, SessionSerializer),
    Part("notifications", notifications, NotificationSerializer),
    Part("notification_settings", lambda user: [get_switches(user)], NotificationSettingsSerializer),
)
