"""Points: earned by writing, spent by opening exam notes. A person's account is the last lock of all.

See `docs/decisions/0018`.
"""

from typing import Any

from django.conf import settings
from django.db.models import F

from accounts.models import User
from timetable.exceptions import NotEnoughPoints
from timetable.models import Course, ExamNote, PointAccount, PointEntry, Semester

Reason = PointEntry.Reason


def earn_points(*, user: User, reason: Reason, course: Course, semester: Semester) -> None:
    """Pay who wrote something, once for each reason, course and semester, whatever became of it since.

    Call it last in the transaction of what it pays for. What is deleted or hidden later stays paid.
    """
    account = lock_account(user)
    earned = {"reason": reason, "course": course, "semester": semester}
    if not PointEntry.objects.filter(user=user, **earned).exists():
        book(account, price_of(reason), **earned)


def spend_points(*, user: User, note: ExamNote) -> None:
    """Open a note to somebody for good. Raises NotEnoughPoints; who has paid pays nothing.

    Call it last in a transaction, with the note locked.
    """
    account = lock_account(user)
    if PointEntry.objects.filter(user=user, note=note).exists():
        return
    price = price_of(Reason.UNLOCK)
    if account.balance < price:
        raise NotEnoughPoints(meta={"balance": account.balance, "price": price})
    book(account, -price, reason=Reason.UNLOCK, course=note.course, note=note)


def price_of(reason: str) -> int:
    """What writing earns, or what opening costs."""
    prices: dict[str, int] = {
        Reason.REVIEW: settings.POINTS_FOR_REVIEW,
        Reason.EXAM_NOTE: settings.POINTS_FOR_EXAM_NOTE,
        Reason.UNLOCK: settings.EXAM_NOTE_PRICE,
    }
    return prices[reason]


def balance_of(user: User) -> int:
    """The points somebody has; 0 before the first."""
    return PointAccount.objects.filter(user=user).values_list("balance", flat=True).first() or 0


def lock_account(user: User) -> PointAccount:
    """Somebody's account as it is now, locked until the transaction ends; made for the first points."""
    return PointAccount.objects.select_for_update().get_or_create(user=user)[0]


def book(account: PointAccount, amount: int, **entry: Any) -> None:
    """Write a line into a locked account's ledger."""
    PointEntry.objects.create(user_id=account.pk, amount=amount, **entry)
    PointAccount.objects.filter(pk=account.pk).update(balance=F("balance") + amount)
