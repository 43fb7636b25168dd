"""Leaving for good. Lock order: the user, then what their leaving changes."""

from typing import Any
from uuid import uuid4

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as BrowserSession
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_key
from accounts.exceptions import LastOperator
from accounts.models import AuditLog, Departure, Sanction, User
from accounts.services.exports import discard_exports
from accounts.services.users import lock_people
from api import departures
from api.db import write
from api.errors import invalid
from api.storage import discard


def withdraw(*, user: User, password: str) -> None:
    """Leave, and prove by the password that it is oneself who wants that; 400 otherwise. LastOperator."""
    if not user.check_password(password):
        raise invalid("password", _("This is not your password."), "incorrect")
    leave(user=user)


@write
def leave(*, user: User) -> None:
    """Delete a user, and what is theirs alone. What they wrote stays, without them.

    The database takes along what belongs to the row, and empties what names it. Who has left already is
    passed over.
    """
    locked = lock_people(user).get(user.pk)
    if locked is None:
        return
    refuse_last_operator(locked)
    departures.see_off(locked)
    discard([locked.picture.name or ""])
    discard_exports(locked.exports.all())
    forget(locked)
    keep_sanctions(locked)
    Departure.objects.create(address_key=address_key(locked.email))
    locked.delete()


def keep_sanctions(user: User) -> None:
    """They come back with the address that verified the school, which nobody can have two of."""
    if user.school_address_key:
        user.sanctions.update(address_key=user.school_address_key)


def refuse_last_operator(user: User) -> None:
    if not user.is_superuser:
        return
    # Locked, so that of two who leave at once the second sees the first one gone.
    operators = User.objects.filter(is_superuser=True, is_staff=True, is_active=True)
    if not [other for other in operators.select_for_update().order_by("pk") if other != user]:
        raise LastOperator


def forget(user: User) -> None:
    """Take the user's id and name out of what stays and keeps them as text, in which no key is emptied.

    Another random id stands there from now on: what was done to one person still belongs together.
    """
    alias = str(uuid4())
    named: dict[str, Any] = {"target_kind": Sanction.USER, "target_id": str(user.pk)}
    Sanction.objects.filter(**named).update(target_id=alias)
    AuditLog.objects.filter(**named).rename_target(alias)
    about = LogEntry.objects.filter(content_type__app_label="accounts", content_type__model="user")
    about.filter(object_id__in=(str(user.pk), user.pk.hex)).update(object_id=alias, object_repr="")
    end_browser_sessions(user)


def end_browser_sessions(user: User) -> None:
    """Those of the admin, which say only inside whose they are. There are few: operators alone have any."""
    for session in BrowserSession.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
