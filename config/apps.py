from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ConfigConfig(AppConfig):
    """Holds the commands and tests that cross apps."""

    name = "config"
    verbose_name = "Madang"


class AdminConfig(DjangoAdminConfig):
    """Django's admin, on a site that lets a school's moderators in."""

    default_site = "config.admin.AdminSite"
