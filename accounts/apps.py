from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who you are: schools, users, sessions, and the audit log."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import schema  # noqa: F401  (tells drf-spectacular how one signs in)
        from accounts.notifications import KINDS
        from api import exports, notifications

        for kind in KINDS:
            notifications.register(kind)
        exports.register("accounts.exports.PARTS")
