"""A registry of what a block by name ends between two people, so that accounts knows no other app's models.

Each app registers in `AppConfig.ready`. A block of a label or a conversation ends nothing: that would tell
who stands behind it.
"""

from collections.abc import Callable
from typing import Any

# Takes who blocks and who is blocked, in the transaction of the block; both users are locked.
Cut = Callable[[Any, Any], None]

_cuts: list[Cut] = []


def register(cut: Cut) -> None:
    if cut not in _cuts:
        _cuts.append(cut)


def cut_ties(blocker: Any, blocked: Any) -> None:
    """End what there is between two people. The blocked one must not learn from it that there is a block."""
    for cut in _cuts:
        cut(blocker, blocked)
