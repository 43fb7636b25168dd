from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle


class ActionThrottle(ScopedRateThrottle):
    """Limits the actions that a view names in `throttle_scopes = {action: scope}`; the rates are settings.

    A rate of 30 an hour is 30 slots of an hour each, and a request takes a free one. DRF's own reads a
    history and writes it back, so that requests at one moment would count as one.
    """

    duration: float

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scopes", {}).get(getattr(view, "action", None))
        if scope is None:
            return True
        self.scope = scope
        number, duration = self.parse_rate(self.get_rate())
        if number is None or duration is None:
            return True
        self.duration = duration
        key = self.get_cache_key(request, view)
        return self.take_one([f"{key}:{slot}" for slot in range(number)])

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Whoever reads the cache shall not find there when somebody wrote."""
        key = str(super().get_cache_key(request, view))
        return f"throttle_{self.scope}_{salted_hmac('api.throttling', key).hexdigest()}"

    def take_one(self, slots: list[str]) -> bool:
        """Whether one was free. It is `add` that lets nobody else take it, in any worker."""
        self.now = self.timer()
        taken = self.cache.get_many(slots)
        self.history = list(taken.values())
        return any(self.cache.add(slot, self.now, self.duration) for slot in slots if slot not in taken)

    def wait(self) -> float:
        """Seconds until the slot that was taken first is free."""
        return max(1, min(self.history, default=self.now) + self.duration - self.now)
