"""A registry of what goes when somebody leaves, beside what their row takes along, so that accounts knows no
other app's models.

Each app registers in `AppConfig.ready`.
"""

from collections.abc import Callable
from typing import Any

# Takes who leaves, in the transaction in which they do; the user is locked.
Farewell = Callable[[Any], None]

_farewells: list[Farewell] = []


def register(farewell: Farewell) -> None:
    if farewell not in _farewells:
        _farewells.append(farewell)


def see_off(user: Any) -> None:
    """Undo what only this person's presence kept: counts of people, files that no other row names."""
    for farewell in _farewells:
        farewell(user)
