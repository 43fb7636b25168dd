from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from api.slots import Slots


def client_ip(request: Any) -> IPv4Address | IPv6Address | None:
    """The client's address, behind the proxies that NUM_PROXIES trusts."""
    given = BaseThrottle().get_ident(request) or ""
    try:
        return ip_address(given.partition("%")[0])
    except ValueError:  # a socket has no address; and a header, trusted by mistake, may hold anything
        return None


def client_network(request: Any) -> str:
    """What an address is counted as: IPv6 gives one customer a /64, and all addresses in it are theirs."""
    address = client_ip(request)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


class ActionThrottle(ScopedRateThrottle):
    """Limits the actions that a view names in `throttle_scopes = {action: scope}`; the rates are settings.

    A rate of 30 an hour is 30 slots of an hour each, and a request takes a free one (see `Slots`).
    """

    scopes = "throttle_scopes"
    slots: Slots

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, self.scopes, {}).get(getattr(view, "action", None))
        if scope is None:
            return True
        self.scope = scope
        number, duration = self.parse_rate(self.get_rate())
        if number is None or duration is None:
            return True
        self.slots = Slots(self.get_cache_key(request, view), number, duration)
        return self.slots.take()

    def get_ident(self, request: Request) -> str:
        return client_network(request)

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Whoever reads the cache shall not find there when somebody wrote."""
        return f"throttle_{self.scope}_{salted_hmac('api.throttling', self.whose(request, view)).hexdigest()}"

    def whose(self, request: Request, view: Any) -> str:
        """The user's who is signed in, else the network's."""
        return str(super().get_cache_key(request, view))

    def wait(self) -> float:
        return self.slots.wait()


class NetworkThrottle(ActionThrottle):
    """Limits in `network_throttle_scopes` what one network does, whoever is signed in."""

    scopes = "network_throttle_scopes"

    def whose(self, request: Request, view: Any) -> str:
        return f"{self.scope}_{self.get_ident(request)}"
