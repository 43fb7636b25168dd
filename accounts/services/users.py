"""Joining, and changing who one is."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.addresses import address_key
from accounts.exceptions import NicknameChangedRecently, SchoolLocked
from accounts.models import Departure, School, User
from api import targets
from api.db import write
from api.text import normalise

# Each unique name, and the folded key that decides.
UNIQUE_KEYS = {"username": "username", "email": "email_key", "nickname": "nickname_key"}

# What `update_user` writes. Other columns may be changed by other requests meanwhile.
CHANGEABLE = (
    "nickname",
    "nickname_key",
    "nickname_changed_at",
    "name",
    "admission_year",
    "school",
    "updated_at",
)


def refuse_taken(names: dict[str, str], *, besides: User | None = None) -> None:
    """Raise a 400 that names each of `names` (attr: value) that somebody has, however it is spelt."""
    others = User.objects.exclude(pk=besides.pk) if besides else User.objects.all()
    taken = {
        attr: [ErrorDetail(gettext("This is taken."), code="unique")]
        for attr, value in names.items()
        if others.filter(**{UNIQUE_KEYS[attr]: value}).exists() or (attr == "email" and has_just_left(value))
    }
    if taken:
        raise ValidationError(taken)


def has_just_left(email: str) -> bool:
    """Whether who had this address withdrew in the last 30 days. It looks taken: nobody learns who left."""
    return Departure.objects.recent().filter(address_key=address_key(email)).exists()


def sign_up(*, password: str, **fields: Any) -> User:
    """Make a user. A taken username, e-mail or nickname is a 400 `unique`, each named."""
    # Before the transaction: a hash takes tens of milliseconds, and SQLite has one writer.
    return insert_user(fields | {"password": make_password(password)})


@write
def insert_user(fields: dict[str, Any]) -> User:
    names = {attr: fields[attr] for attr in UNIQUE_KEYS}
    refuse_taken(names)
    if fields.get("terms_version"):
        fields = fields | {"terms_agreed_at": timezone.now()}
    try:
        with transaction.atomic():
            return User.objects.create(**fields)
    except IntegrityError:
        refuse_taken(names)
        raise


@write
def update_user(*, user: User, changes: dict[str, Any], now: datetime | None = None) -> User:
    """Change one's own nickname, name, admission year or school, all or none."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if "nickname" in changes and changes["nickname"] != user.nickname:
        rename(user, changes["nickname"], now or timezone.now())
    if "school" in changes and changes["school"] != user.school:
        move(user, changes["school"])
    for attr in ("name", "admission_year"):
        setattr(user, attr, changes.get(attr, getattr(user, attr)))
    try:
        with transaction.atomic():
            user.save(update_fields=CHANGEABLE)
    except IntegrityError:
        refuse_taken({"nickname": user.nickname}, besides=user)
        raise
    return user


def rename(user: User, nickname: str, now: datetime) -> None:
    """A nickname changes once in 30 days; the first change after joining is free."""
    if user.nickname_changeable_at and now < user.nickname_changeable_at:
        raise NicknameChangedRecently(
            meta={"until": timezone.localtime(user.nickname_changeable_at).isoformat()}
        )
    refuse_taken({"nickname": nickname}, besides=user)
    user.nickname, user.nickname_changed_at = nickname, now


def move(user: User, school: School) -> None:
    """A school chosen by mistake can change while nothing depends on it. A moderator's is their office."""
    if user.is_moderator or user.school_verified_at is not None or targets.has_content(user):
        raise SchoolLocked
    user.school = school


def lock_people(*people: User) -> dict[Any, User]:
    """Some users as they are now, by id, locked in one order for everybody; without those who have left."""
    users = User.objects.select_for_update().filter(pk__in=[person.pk for person in people])
    return {user.pk: user for user in users.order_by("pk")}


def is_available(attr: str, value: str) -> bool:
    """Whether `value` would do as a new username or nickname: allowed, and nobody's."""
    field: Any = User._meta.get_field(attr)
    try:
        field.run_validators(value if attr == "username" else normalise(value))
    except DjangoValidationError:
        return False
    return not User.objects.filter(**{UNIQUE_KEYS[attr]: value}).exists()
