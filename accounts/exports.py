"""What one takes along of one's account."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Block, Report, Session, User
from accounts.serializers.blocks import BlockSerializer
from accounts.serializers.notifications import NotificationSettingsSerializer
from accounts.serializers.reports import ReportSerializer
from accounts.serializers.sessions import SessionSerializer
from accounts.serializers.users import MeSerializer
from accounts.services.notifications import get_switches
from api.exports import Part


def picture(user: User) -> Iterable[tuple[str, str]]:
    name = user.picture.name or ""
    return [(f"pictures/me.{name.rpartition('.')[2]}", name)] if name else []


def blocks(user: User) -> QuerySet[Block]:
    return Block.objects.visible_to(user).select_related("user").order_by("pk")


def reports(user: User) -> QuerySet[Report]:
    return Report.objects.visible_to(user).select_related("case").order_by("pk")


def sessions(user: User) -> QuerySet[Session]:
    return Session.objects.visible_to(user).order_by("created_at")


PARTS = (
    Part("profile", lambda user: [user], MeSerializer, files=picture),
    Part("blocks", blocks, BlockSerializer),
    Part("reports", reports, ReportSerializer),
    Part("sessions", sessions, SessionSerializer),
    Part("notification_settings", lambda user: [get_switches(user)], NotificationSettingsSerializer),
)
