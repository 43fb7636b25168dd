"""A registry of what people make, so that accounts knows kinds and never another app's models.

Each app registers its kinds in `AppConfig.ready`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What has become of something that somebody wrote."""

    LIVING = "living", _("living")
    HIDDEN = "hidden", _("hidden")
    DELETED = "deleted", _("deleted")


class Target:
    """One kind of thing that people make."""

    kind: ClassVar[str]

    def made_by(self, user: Any) -> QuerySet:
        """All rows that a user made, deleted ones included."""
        raise NotImplementedError


class Reportable(Target):
    """A kind that is reported, decided about, and sanctioned through.

    A row has an integer key and a `state`. Nothing that these return names its author, but where the row
    itself does; `writer` and `made_by` alone do, for the rules to act on, and go into no answer.
    """

    label: ClassVar[Any]

    def visible_to(self, user: Any) -> QuerySet:
        """What a user can report: what they may see by id."""
        raise NotImplementedError

    def rows(self) -> QuerySet:
        """All rows, deleted ones too, with what `author` and `context` need."""
        raise NotImplementedError

    def lock(self, pk: int) -> Any:
        """The row as it is now, in any state, locked until the transaction ends, with what `rows` has."""
        raise NotImplementedError

    def open_to(self, moderator: Any) -> QuerySet:
        """What somebody who moderates a school may act on though nobody reported it."""
        raise NotImplementedError

    def writer(self, row: Any) -> Any:
        """The user who wrote it; None once they have withdrawn."""
        raise NotImplementedError

    def author(self, row: Any) -> Any:
        """What readers see of the author (`accounts.authors.Author`)."""
        raise NotImplementedError

    def school_id(self, row: Any) -> int:
        raise NotImplementedError

    def edited_at(self, row: Any) -> datetime | None:
        """When the text last changed; None where it never did."""
        raise NotImplementedError

    def text(self, row: Any) -> dict[str, str]:
        """What was written, as it stands: `content`, and `title` where there is one."""
        raise NotImplementedError

    def snapshot(self, row: Any, viewer: Any) -> dict[str, Any]:
        """The text as it stands, and what stood around it for `viewer`, as JSON; no one's name or id."""
        raise NotImplementedError

    def hide(self, row: Any, *, by: Any, reason: str) -> None:
        """Hide a locked row; `by` is None where reports did."""
        raise NotImplementedError

    def restore(self, row: Any) -> None:
        """Show a locked row again."""
        raise NotImplementedError


@dataclass(frozen=True)
class Surface:
    """What a block covers: a user who was named; or a label or conversation, by kind, id and number."""

    user: Any = None
    target_kind: str = ""
    target_id: int | None = None
    number: int = 0


class Blockable(Target):
    """A kind through which its author, as it shows them, can be blocked."""

    def blockable_for(self, user: Any) -> QuerySet:
        """The rows a user can block through: those they may see by id."""
        raise NotImplementedError

    def surface(self, row: Any) -> Surface | None:
        """What a block through the row covers; None where its named author is gone."""
        raise NotImplementedError

    def is_own(self, row: Any, viewer: Any) -> bool:
        """Whether a block would be of oneself."""
        raise NotImplementedError


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    _targets[target.kind] = target


def reportable(kind: str) -> Reportable:
    """The target of a kind that can be reported; KeyError for any other."""
    return reportables()[kind]


def reportables() -> dict[str, Reportable]:
    return {kind: target for kind, target in _targets.items() if isinstance(target, Reportable)}


def blockables() -> dict[str, Blockable]:
    return {kind: target for kind, target in _targets.items() if isinstance(target, Blockable)}


def find_rows(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """The rows with these kinds and ids, in any state; one query a kind."""
    by_kind = defaultdict(set)
    for kind, pk in keys:
        by_kind[kind].add(pk)
    return {
        (kind, pk): row
        for kind, target in reportables().items()
        if kind in by_kind
        for pk, row in target.rows().in_bulk(by_kind[kind]).items()
    }


def has_content(user: Any) -> bool:
    """Whether a user has made anything of any kind, deleted or not."""
    return any(target.made_by(user).exists() for target in _targets.values())
