from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ConfigConfig(AppConfig):
    """Holds the commands and tests that cross apps."""

    name = "config"
    verbose_name = "Madang"


class AdminConfig(DjangoAdminConfig):
    """Django's admin, on a site that lets a school's moderators in."""

    default_site = "config.admin.AdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django_tasks_db.models import DBTaskResult

        # When something was written, to the microsecond, is nobody's to read; commands tell how tasks fare.
        admin.site.unregister(DBTaskResult)
