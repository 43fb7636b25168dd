"""What the tests of reports, cases and sanctions begin with."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import ModerationCase, Report, Sanction, School, User
from accounts.services import reports
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import StaffFactory, UserFactory
from board.services.conversations import begin_conversation
from board.tests.factories import BoardFactory, PostFactory, make_comment
from conftest import Client

REPORTS = "/api/v1/reports/"
CASES = "/api/v1/moderation/cases/"
SANCTIONS = "/api/v1/sanctions/"
AUDIT = "/api/v1/moderation/audit/"
UNMASK = "/api/v1/moderation/unmask/"
ME = "/api/v1/users/me/"
KINDS = ("post", "comment", "message")
TERMS = {"kind": "no_writing", "until": None, "reason": "abuse"}


def make_old(user: User, days: float = 2) -> User:
    """The user, as one who joined so long ago."""
    user.created_at = timezone.now() - timedelta(days=days)
    user.save(update_fields=["created_at"])
    return user


def old_users(number: int, school: School) -> list[User]:
    """So many people of a school whose reports count."""
    return [make_old(user) for user in UserFactory.create_batch(number, school=school)]


def make_target(kind: str, author: User, *, reader: User | None = None, is_anonymous: bool = True) -> Any:
    """A post, a comment or a message of `author`; a message goes to `reader`."""
    board = BoardFactory(school=author.school)
    if kind == "post":
        return PostFactory(board=board, author=author, is_anonymous=is_anonymous)
    if kind == "comment":
        return make_comment(PostFactory(board=board), author=author, is_anonymous=is_anonymous)
    origin = PostFactory(board=board, author=reader or UserFactory(school=author.school))
    return begin_conversation(user=author, origin=origin, content="쪽지", is_anonymous=is_anonymous)


def kind_of(row: Any) -> str:
    return row._meta.model_name


def about(row: Any, **fields: Any) -> dict[str, Any]:
    """A body that names a target."""
    return {"target_kind": kind_of(row), "target_id": row.pk} | fields


def report(user: User, row: Any, reason: str = "abuse", note: str = "") -> Report:
    return reports.report(user=user, **about(row, reason=reason, note=note))


def case_of(row: Any) -> ModerationCase:
    return ModerationCase.objects.get(target_kind=kind_of(row), target_id=row.pk)


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def give(client: Client, row: Any, **terms: Any) -> Any:
    """What a moderator's client is answered who sanctions the author of a target."""
    return client.post(SANCTIONS, about(row) | TERMS | terms)


def bind(person: User, kind: str = "no_writing", **terms: Any) -> Sanction:
    """A sanction of somebody, given by staff."""
    return sanction_user(user=StaffFactory(), sanctioned=person, **TERMS | {"kind": kind} | terms)


def in_days(days: float) -> datetime:
    return timezone.localtime() + timedelta(days=days)
