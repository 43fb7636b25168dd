from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """What you say: boards, posts, comments, likes, scraps and messages."""

    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from api.targets import register
        from board.targets import TARGETS

        for target in TARGETS:
            register(target)
