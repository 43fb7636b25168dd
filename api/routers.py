import re
from collections.abc import Iterable
from typing import Any

from rest_framework import routers
from rest_framework.request import Request
from rest_framework.response import Response

from api.permissions import AllowAny


class RootView(routers.APIRootView):
    """Every route of the API: its name and its path, with `{…}` where an id goes."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    routes: Iterable[Any] = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every route of the API: its name and its path, with `{…}` where an id goes."""
        base = request.path
        paths = {route.name: base + path_template(str(route.pattern)) for route in self.routes}
        return Response(dict(sorted(paths.items(), key=lambda item: item[1])))


def path_template(pattern: str) -> str:
    """`posts/<int:pk>/` as people write it: `posts/{pk}/`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def adapt(route: Any) -> Any:
    """The path of a file, such as `calendar.ics`, ends without a slash. DELETE of a list is `destroy_all`."""
    if "." in route.url:
        return route._replace(url=route.url.replace("{trailing_slash}", ""))
    if "list" in route.mapping.values():
        return route._replace(mapping=route.mapping | {"delete": "destroy_all"})
    return route


class Router(routers.DefaultRouter):
    """A DefaultRouter with paths instead of regular expressions, whose root lists every route.

    Several DefaultRouters on one prefix would show only the first one's root, so the apps' routers
    are merged into one.
    """

    include_format_suffixes = False

    def __init__(self, *routers_: routers.DefaultRouter) -> None:
        super().__init__(use_regex_path=False)
        for router in routers_:
            self.registry.extend(router.registry)

    def get_routes(self, viewset: Any) -> list[Any]:
        """The routes of a ViewSet, as `adapt` has them."""
        return [adapt(route) for route in super().get_routes(viewset)]

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        return RootView.as_view(routes=api_urls or ())
