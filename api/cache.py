"""Redis as the cache, and this process's own memory while Redis is down."""

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends import redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# For so many seconds after a failure Redis is not asked: one that hangs would hold up every request.
REST = 5.0


class RedisCache(redis.RedisCache):
    """Redis; and the memory of this process while it can't be reached.

    Throttles, lock-outs and limits then count in each process by itself: several times as much may pass, and
    never all. What was counted in Redis goes on once it is back, if it kept it.
    """

    resting_until = 0.0

    def ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        cls = type(self)
        if time.monotonic() >= cls.resting_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except (RedisError, OSError) as error:
                cls.resting_until = time.monotonic() + REST
                logger.warning("Redis can't be reached (%s): counting in this process.", type(error).__name__)
        return getattr(caches["memory"], method)(*args, **kwargs)

    def answers(self) -> bool:
        """Whether Redis itself does, for `/readyz`."""
        try:
            self.probe()
        except (RedisError, OSError):
            return False
        return True

    def probe(self) -> None:
        """Write to Redis itself; RedisError or OSError where that fails."""
        super().set("readyz", "ok", timeout=10)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("incr", *args, **kwargs)

    def clear(self, *args: Any, **kwargs: Any) -> Any:
        return self.ask("clear", *args, **kwargs)
