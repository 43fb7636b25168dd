"""Comparing one's week with those of friends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from timetable.free_time import Range, Span, spans
from timetable.models import Friendship, Semester, Timetable
from timetable.times import Meets


@dataclass(frozen=True)
class Person:
    """Whose week is compared. Without a timetable nothing is known of it."""

    user: User
    display_name: str
    timetable: Timetable | None


def compare_weeks(
    *, user: User, semester: Semester, friends: Sequence[Friendship], within: Range, minutes: int = 1
) -> dict[str, Any]:
    """When `user` and some friends are free together, for so many minutes at least, and who has class when.

    Each person's primary timetable of the semester counts, a friend's if it is shown to `user`.
    """
    shown = Timetable.objects.shown_by(friends, user).values("pk")
    timetables = Timetable.objects.filter(Q(user=user) | Q(pk__in=shown), semester=semester, primary=True)
    found = {timetable.user_id: timetable for timetable in timetables.with_entries()}
    people = [Person(user, user.nickname, found.get(user.pk))]
    for friendship in friends:
        friend = friendship.other(user)
        people.append(Person(friend, friendship.display_name(user), found.get(friend.pk)))
    classes = {user_id: meetings_of(timetable) for user_id, timetable in found.items()}
    week: list[Span[UUID]] = spans(classes, within)
    return {
        "semester": semester,
        "week": within.week,
        "people": people,
        "windows": [span for span in week if not span.people and span.end - span.start >= minutes],
        "busy": [span for span in week if span.people],
    }


def meetings_of(timetable: Timetable) -> list[Meets]:
    """What takes place: a cancelled lecture takes no time."""
    return [time for entry in timetable.entries.all() if entry.takes_place for time in entry.times]
