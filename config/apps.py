from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Holds the commands and tests that cross apps."""

    name = "config"
    verbose_name = "Madang"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)
