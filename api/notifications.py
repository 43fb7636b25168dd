"""A registry of what people are told about, so that accounts knows kinds and never another app's models.

Each app registers its kinds in `AppConfig.ready`. A new kind is one class here, and one task that calls
`accounts.services.notifications.notify`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet


@dataclass(frozen=True)
class Telling:
    """What a notification says to its reader now. None of it is stored.

    `author` is that of the newest cause, as readers see them; `others` counts further labels, never people.
    `where` has what a client needs to open it: the ids of `post`, `comment`, `board`, `session` and others.
    """

    text: str
    excerpt: str = ""
    author: Any = None
    others: int = 0
    where: dict[str, int | str] = field(default_factory=dict)


class NotificationKind:
    """One kind of thing that people are told about.

    A notification is of a user and a target, and has a range of causes: numbers that grow at that target,
    such as the ids of the comments on a post.
    """

    kind: ClassVar[str]
    label: ClassVar[Any]
    target_kinds: ClassVar[tuple[str, ...]]

    def causes(self, user: Any, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet:
        """What there is from `first` to `last` at a target, and `user` may see now.

        The last three are numbers, or references to a notification's columns.
        """
        raise NotImplementedError

    def tell(self, rows: Sequence[Any], user: Any) -> dict[int, Telling]:
        """What each of a user's notifications of this kind says, by id; left out where nothing is seen.

        However many there are, they take the same few queries.
        """
        raise NotImplementedError

    def shown_to(self, user: Any, target_kind: str) -> Q:
        """The notifications of this kind and target in which there is something that `user` may see now."""
        references = [OuterRef(name) for name in ("target_id", "first_cause", "last_cause")]
        causes = self.causes(user, target_kind, *references)
        return Q(kind=self.kind, target_kind=target_kind) & Q(Exists(causes))

    def is_due(self, user: Any, target_kind: str, target_id: int, cause: int) -> bool:
        """Whether a user is to be told of a cause: what they may not see, or block, they never hear of."""
        return self.causes(user, target_kind, target_id, cause, cause).exists()


_kinds: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> None:
    _kinds[kind.kind] = kind


def kinds() -> dict[str, NotificationKind]:
    return _kinds


def target_kinds() -> list[str]:
    """Every kind of target that a notification can have."""
    return sorted({target for kind in _kinds.values() for target in kind.target_kinds})
