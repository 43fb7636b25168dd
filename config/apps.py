from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ConfigConfig(AppConfig):
    """Holds the commands and tests that cross apps."""

    name = "config"
    verbose_name = "Madang"

    def ready(self) -> None:
        from django.db.models.signals import pre_save
        from django_tasks_db.models import DBTaskResult

        pre_save.connect(forget_text_of_failure, sender=DBTaskResult)


def forget_text_of_failure(instance: Any, **signal: Any) -> None:
    """Keep the kind of a failure and not its text, which may be what somebody wrote. The log says where."""
    instance.traceback = ""


class AdminConfig(DjangoAdminConfig):
    """Django's admin, on a site that lets a school's moderators in."""

    default_site = "config.admin.AdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django_tasks_db.models import DBTaskResult

        # When something was written, to the microsecond, is nobody's to read; commands tell how tasks fare.
        admin.site.unregister(DBTaskResult)
