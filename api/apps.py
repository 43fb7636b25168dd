from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP kit. No tables, and no import of another app of ours."""

    name = "api"
