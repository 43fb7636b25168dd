"""A sentence for each wish: what in a timetable goes for or against it."""

from collections.abc import Iterable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timetable.times import clock
from timetable.wizard.scoring import Reason
from timetable.wizard.wishes import FreeDays, Professor, Rating

# By kind, what is said where no day goes against a wish, and where some do.
BY_DAY = {
    "none_before": (_("Nothing before %(minute)s."), _("Something before %(minute)s: %(days)s.")),
    "none_after": (_("Nothing after %(minute)s."), _("Something after %(minute)s: %(days)s.")),
    "max_gap": (
        _("No gap is longer than %(minutes)d minutes."),
        _("A gap is longer than %(minutes)d minutes: %(days)s."),
    ),
    "lunch": (
        _("%(minutes)d minutes between %(start)s and %(end)s are free every day."),
        _("No %(minutes)d minutes between %(start)s and %(end)s are free: %(days)s."),
    ),
}
TIMES = ("minute", "start", "end")


def describe(reason: Reason) -> str:
    """In the reader's language."""
    wish = reason.wish
    if isinstance(wish, FreeDays):
        free = [weekday for weekday in wish.days if weekday not in reason.against]
        text = gettext("Free: %(days)s.") if free else gettext("None of the days is free.")
        return text % {"days": names_of(free)}
    if isinstance(wish, Professor):
        text = gettext("Lectures by these professors: %(count)d of at most %(most)d.")
        return text % {"count": reason.count, "most": reason.most}
    if isinstance(wish, Rating):
        return gettext("The mean rating is %(mean).2f.") % {"mean": 1 + 4 * reason.fulfilled}
    kept, broken = BY_DAY[wish.kind]
    return str(broken if reason.against else kept) % values_of(reason)


def values_of(reason: Reason) -> dict[str, Any]:
    fields = vars(reason.wish)
    times = {name: clock(fields[name]) for name in TIMES if name in fields}
    return fields | times | {"days": names_of(reason.against)}


def names_of(weekdays: Iterable[int]) -> str:
    """`Monday, Wednesday`."""
    return ", ".join(str(WEEKDAYS[weekday - 1]) for weekday in weekdays)
