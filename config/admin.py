"""The site on which the admin's pages stand: who comes in, and what they are headed with."""

from http import HTTPStatus
from math import ceil
from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import LockedOut
from accounts.models import Sanction
from accounts.services.sessions import tries_of
from api.errors import error_response
from api.throttling import client_network


def may_enter(user: Any) -> bool:
    """Operators and moderators, unless a sanction keeps them from signing in. It never binds operators."""
    if not (user.is_active and (user.is_staff or user.is_moderator)):
        return False
    return not user.binding_sanctions.filter(kind=Sanction.Kind.NO_SIGN_IN).exists()


def too_many(error: LockedOut) -> HttpResponse:
    response = error_response(error.status_code, error.default_code, error.detail)
    response["Retry-After"] = str(ceil(error.wait))
    return response


class LoginForm(AuthenticationForm):
    """Whatever is wrong, the message is the same: it tells nobody that their password was right."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("Give the username and the password of an operator or a moderator.")
    }
    required_css_class = "required"

    def confirm_login_allowed(self, user: Any) -> None:
        if not may_enter(user):
            raise self.get_invalid_login_error()


class AdminSite(admin.AdminSite):
    site_header = site_title = _("Madang administration")
    index_title = _("Operators' and moderators' pages")
    # Lists are wide, and the index is one click away.
    enable_nav_sidebar = False
    login_form = LoginForm

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Too many wrong passwords lock an address out, as at `auth/login/`, and count with those."""
        if request.method != "POST":
            return super().login(request, extra_context)
        name = request.POST.get("username", "")
        tries = tries_of(name, client_network(request))
        if not tries.take():
            return too_many(LockedOut(wait=tries.wait()))
        response = super().login(request, extra_context)
        if response.status_code == HTTPStatus.FOUND:
            tries.free()
        return response

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked at each request: who is no moderator any more is out at once."""
        return may_enter(request.user)

    def get_urls(self) -> list[Any]:
        """Without `view_on_site`: no row has a page outside, and its errors tell which rows exist."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
