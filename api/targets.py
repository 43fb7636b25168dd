"""A registry of what people make, so that accounts knows kinds and never another app's models.

Each app registers its kinds in `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Target:
    """One kind of content: `made_by(user)` gives all rows of it that a user made, deleted ones included."""

    kind: str
    made_by: Callable[[Any], QuerySet]


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    _targets[target.kind] = target


def has_content(user: Any) -> bool:
    """Whether a user has made anything of any kind, deleted or not."""
    return any(target.made_by(user).exists() for target in _targets.values())
