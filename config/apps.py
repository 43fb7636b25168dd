from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Holds the commands and tests that cross apps."""

    name = "config"
    verbose_name = "Madang"
