"""The secret link that shows a timetable to whoever has it."""

import secrets

from api.db import write
from timetable.models import Timetable
from timetable.services.locks import lock_timetable


@write
def share_timetable(*, timetable: Timetable) -> Timetable:
    """Make a link, or keep the one there is."""
    timetable = lock_timetable(timetable.pk)
    if timetable.share_token is None:
        timetable.share_token = secrets.token_hex(16)
        timetable.save(update_fields=["share_token", "updated_at"])
    return timetable


@write
def unshare_timetable(*, timetable: Timetable) -> None:
    """Take the link back for good: sharing again makes another."""
    timetable = lock_timetable(timetable.pk)
    timetable.share_token = None
    timetable.save(update_fields=["share_token", "updated_at"])
