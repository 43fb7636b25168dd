"""Permission classes every app shares. Each names the codes it can refuse with, for the schema."""

from typing import Any

from rest_framework import permissions
from rest_framework.request import Request

from api.errors import Forbidden


class IsAuthenticated(permissions.IsAuthenticated):
    """The default: signed in. Without that, 401."""

    errors: tuple[type[Forbidden], ...] = ()


class AllowAny(permissions.AllowAny):
    """For the few endpoints that are there before one signs in."""

    errors: tuple[type[Forbidden], ...] = ()


class Permission(permissions.BasePermission):
    """A rule that refuses with an error of its own, so that a client can tell what is missing."""

    errors: tuple[type[Forbidden], ...] = ()

    def check(self, user: Any, obj: Any = None) -> None:
        """Raise one of `errors` to refuse. `obj` is None before an object is looked up."""

    def has_permission(self, request: Request, view: Any) -> bool:
        self.check(request.user)
        return True

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        self.check(request.user, obj)
        return True
