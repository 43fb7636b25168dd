from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from api.errors import ServiceUnavailable


@cache
def slots(number: int) -> BoundedSemaphore:
    """Of this process; `number` changes in tests alone."""
    return BoundedSemaphore(number)


@contextmanager
def one_of_few() -> Iterator[None]:
    """Keep a flood of sign-ins from taking all memory: ServiceUnavailable where no slot gets free in time."""
    free = slots(settings.HASHES_AT_ONCE)
    if not free.acquire(timeout=settings.HASH_WAIT.total_seconds()):
        raise ServiceUnavailable
    try:
        yield
    finally:
        free.release()


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id at the cost that the settings say; by default the least that OWASP's Password Storage Cheat
    Sheet names: 19 MiB, two passes, one lane.

    Django's own parameters take 100 MiB a hash, which a burst of sign-ins on a small host can't bear. A hash
    of another cost is made anew when its owner signs in. A few are made at a time.
    """

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return settings.ARGON2_MEMORY_KIB

    @property
    def time_cost(self) -> int:  # type: ignore[override]
        return settings.ARGON2_PASSES

    parallelism = 1

    def encode(self, *args: Any, **kwargs: Any) -> str:
        with one_of_few():
            return super().encode(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> bool:
        with one_of_few():
            return super().verify(*args, **kwargs)
