"""Hiding what somebody wrote, and showing it again. Who may, and what is logged, others decide."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from accounts.models.writing import Hideable


def conceal(row: Hideable, *, by: User | None, reason: str) -> None:
    """Hide a locked row; `by` is None where reports did."""
    set_hidden(row, timezone.now(), by, reason)


def reveal(row: Hideable) -> None:
    """Show a locked row again."""
    set_hidden(row, None, None, "")


def set_hidden(row: Hideable, at: datetime | None, by: User | None, reason: str) -> None:
    row.hidden_at, row.hidden_by, row.hidden_reason = at, by, reason
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "updated_at"])
