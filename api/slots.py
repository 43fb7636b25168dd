"""So many at a time, counted in the cache that all workers share."""

import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Slots:
    """`number` slots under one key, each taken for `seconds`.

    It is `add` that lets nobody else take the same one, in any worker: a count that is read and written back
    would let requests at one moment count as one.
    """

    key: str
    number: int
    seconds: float

    def take(self) -> bool:
        """Whether one was free."""
        taken = self.taken()
        now = time.time()
        return any(cache.add(name, now, self.seconds) for name in self.names() if name not in taken)

    def free(self) -> None:
        """Give all of them back."""
        cache.delete_many(self.names())

    def wait(self) -> float:
        """Seconds until the slot that was taken first is free; 1 at least."""
        now = time.time()
        return max(1, min(self.taken().values(), default=now) + self.seconds - now)

    def names(self) -> list[str]:
        return [f"{self.key}:{number}" for number in range(self.number)]

    def taken(self) -> dict[str, float]:
        return cache.get_many(self.names())
