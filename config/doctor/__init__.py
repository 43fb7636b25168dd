"""What is wrong with an installation, layer by layer, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """`layer` is ok, asks for attention, or is wrong. `text` says what to do; it never holds a secret."""

    layer: str
    state: Literal["ok", "warning", "wrong"]
    text: str


Check = Callable[[], Iterator[Finding]]


def ok(layer: str, text: str) -> Finding:
    return Finding(layer, "ok", text)


def warning(layer: str, text: str) -> Finding:
    return Finding(layer, "warning", text)


def wrong(layer: str, text: str) -> Finding:
    return Finding(layer, "wrong", text)


def examine(layers: Iterable[tuple[str, str, Check]]) -> Iterator[Finding]:
    """The findings of layers of (name, what it stands on, check), in order.

    What stands on a layer that is wrong is left out. A check that raises is wrong itself, and the rest go on.
    """
    failed: set[str] = set()
    for layer, stands_on, check in layers:
        if stands_on in failed:
            failed.add(layer)
            yield warning(layer, f"Not looked at: {stands_on} is wrong.")
            continue
        for finding in guarded(layer, check):
            if finding.state == "wrong":
                failed.add(layer)
            yield finding


def guarded(layer: str, check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:
        # Its text may hold an address with a password in it.
        yield wrong(layer, f"Can't be looked at: {type(error).__module__}.{type(error).__qualname__}.")
