from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimetableConfig(AppConfig):
    """What you attend: semesters, courses, lectures, timetables, reviews, friends."""

    name = "timetable"
    verbose_name = _("Timetable")
