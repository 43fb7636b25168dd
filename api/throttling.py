from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

from api.slots import Slots


class ActionThrottle(ScopedRateThrottle):
    """Limits the actions that a view names in `throttle_scopes = {action: scope}`; the rates are settings.

    A rate of 30 an hour is 30 slots of an hour each, and a request takes a free one (see `Slots`).
    """

    slots: Slots

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scopes", {}).get(getattr(view, "action", None))
        if scope is None:
            return True
        self.scope = scope
        number, duration = self.parse_rate(self.get_rate())
        if number is None or duration is None:
            return True
        self.slots = Slots(self.get_cache_key(request, view), number, duration)
        return self.slots.take()

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Whoever reads the cache shall not find there when somebody wrote."""
        key = str(super().get_cache_key(request, view))
        return f"throttle_{self.scope}_{salted_hmac('api.throttling', key).hexdigest()}"

    def wait(self) -> float:
        return self.slots.wait()
