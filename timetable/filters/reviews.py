from typing import Any

from django.db.models import QuerySet

from accounts.models import School
from api.filters import BooleanFilter, FilterSet, VisibleFilter
from timetable.models import Course


class ReviewFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    course = VisibleFilter(visible=Course.objects.visible_to, label="The course.")
    mine = BooleanFilter(method="written_by_me", label="Reviews one wrote, or all others.")

    def written_by_me(self, reviews: Any, name: str, wanted: bool) -> QuerySet:
        user = self.request.user
        return reviews.written_by(user) if wanted else reviews.exclude(author=user)
