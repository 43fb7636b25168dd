from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """What you say: boards, posts, comments, likes, scraps and messages."""

    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from api import departures, exports, notifications, targets
        from board.notifications import KINDS
        from board.services.media import drop_unattached
        from board.targets import TARGETS

        for target in TARGETS:
            targets.register(target)
        for kind in KINDS:
            notifications.register(kind)
        exports.register("board.exports.PARTS")
        departures.register(drop_unattached)
