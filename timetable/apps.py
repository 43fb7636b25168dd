from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimetableConfig(AppConfig):
    """What you attend: semesters, courses, lectures, timetables, reviews, friends."""

    name = "timetable"
    verbose_name = _("Timetable")

    def ready(self) -> None:
        from api import departures, exports, notifications, targets, ties
        from timetable.notifications import KINDS
        from timetable.services.friends import cut
        from timetable.services.timetables import delete_timetables
        from timetable.targets import TARGETS

        for target in TARGETS:
            targets.register(target)
        for kind in KINDS:
            notifications.register(kind)
        exports.register("timetable.exports.PARTS")
        ties.register(cut)
        departures.register(delete_timetables)
