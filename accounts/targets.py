"""What the kinds of things that people write have in common, for the registry (`api.targets`)."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet

from accounts.models import User
from accounts.services.hiding import conceal, reveal
from api.targets import Reportable


class HideableTarget(Reportable):
    """What reports hide, by its own columns."""

    model: ClassVar[Any]

    def lock(self, pk: int) -> Any:
        # Locked by itself: the rows it is joined with are no matter of ours.
        self.model.objects.select_for_update().get(pk=pk)
        return self.rows().get(pk=pk)

    def text(self, row: Any) -> dict[str, str]:
        return {"content": row.content}

    def writer(self, row: Any) -> User | None:
        return row.author

    def open_to(self, moderator: User) -> QuerySet:
        return self.visible_to(moderator)

    def edited_at(self, row: Any) -> datetime | None:
        return row.edited_at

    def hide(self, row: Any, *, by: User | None, reason: str) -> None:
        conceal(row, by=by, reason=reason)

    def restore(self, row: Any) -> None:
        reveal(row)


class WritingTarget(HideableTarget):
    """What is a `Writing`."""

    def made_by(self, user: User) -> QuerySet:
        return self.model.objects.filter(author=user)
