"""What friends and the requests to be friends can be asked for by."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.filters import FilterForm, FilterSet, VisibleField, VisibleFilter
from timetable.filters.fields import IntegerFilter, RepeatedField, out_of_range
from timetable.models import Friendship, Semester
from timetable.models.friends import Direction, pair_key
from timetable.times import DAY, MAX_WEEKS


class FriendRequestFilterSet(FilterSet):
    direction = django_filters.ChoiceFilter(
        choices=Direction.choices, method="going", label="Requests one received, or those one sent."
    )

    def going(self, requests: Any, name: str, direction: str) -> QuerySet:
        side = "asked" if direction == Direction.RECEIVED else "asker"
        return requests.filter(**{side: self.request.user})


class FriendsField(RepeatedField):
    """The ids of several friends: the friendships, in one query however many there are."""

    default_error_messages = {"does_not_exist": VisibleField.default_error_messages["does_not_exist"]}

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, each=forms.UUIDField(), **kwargs)

    def to_python(self, values: Any) -> list[Friendship]:
        ids = super().to_python(values)
        if self.user is None or not ids:
            return []
        keys = {pair_key(self.user.pk, pk) for pk in ids}
        friends = Friendship.objects.visible_to(self.user).accepted().with_people()
        found = {row.pair_key: row for row in friends.filter(pair_key__in=keys)}
        if found.keys() != keys:
            raise ValidationError(self.error_messages["does_not_exist"], code="does_not_exist")
        return list(found.values())


class FriendsFilter(django_filters.Filter):
    field_class = FriendsField

    @property
    def field(self) -> forms.Field:
        request = getattr(getattr(self, "parent", None), "request", None)
        self.extra["user"] = request.user if request is not None else None
        return super().field


class FreeTimeForm(FilterForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for first, last in (("first_weekday", "last_weekday"), ("from", "to")):
            if not self.errors and self.value(last) < self.value(first) + (first == "from"):
                self.add_error(last, ValidationError(_("This must be after the start."), code="not_after"))
        week, semester = cleaned.get("week"), cleaned.get("semester")
        if week and semester and week > semester.weeks:
            self.add_error("week", out_of_range(1, semester.weeks))
        return cleaned

    def value(self, name: str) -> int:
        """What was given, or what else is meant."""
        given: int | None = self.cleaned_data[name]
        return FREE_TIME_DEFAULTS[name] if given is None else given


FREE_TIME_DEFAULTS = {"first_weekday": 1, "last_weekday": 5, "from": 540, "to": 1080, "minutes": 1}


class FreeTimeFilterSet(FilterSet):
    """Which weeks are compared, and what of them."""

    semester = VisibleFilter(visible=Semester.objects.visible_to, required=True, label="The semester.")
    users = FriendsFilter(required=True, label="The friends.")
    week = IntegerFilter(least=1, most=MAX_WEEKS, label="A week of the semester.")
    first_weekday = IntegerFilter(least=1, most=7, label="The first weekday.")
    last_weekday = IntegerFilter(least=1, most=7, label="The last weekday.")
    # A word of Python's.
    vars()["from"] = IntegerFilter(least=0, most=DAY - 1, label="The first minute.")
    to = IntegerFilter(least=1, most=DAY, label="The last minute.")
    minutes = IntegerFilter(least=1, most=DAY, label="How long a window is at least.")

    class Meta:
        form = FreeTimeForm
