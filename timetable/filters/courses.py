from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import School
from api.filters import BooleanFilter, CharFilter, FilterSet, VisibleFilter
from timetable.filters.search import CatalogueSearchFilter
from timetable.models import Review, TimetableEntry


class CourseFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    search = CatalogueSearchFilter(
        label="Words of at least two characters together, each part of the title, the professor or the code, "
        "whatever the case and the spaces. Initial consonants (`ㅈㄹㄱㅈ`) find titles."
    )
    professor = CharFilter(
        field_name="professor_key",
        lookup_expr="icontains",
        label="Part of the professor's name, whatever the case and the spaces.",
    )
    code = CharFilter(field_name="code_key", label="The code, whatever the case and the spaces.")
    reviewable = BooleanFilter(
        method="can_be_reviewed",
        label="Courses that one can review, or all others: a lecture of theirs is in a timetable of one's "
        "own, its semester has begun, and one has not reviewed the course for it.",
    )

    def can_be_reviewed(self, courses: QuerySet, name: str, wanted: bool) -> QuerySet:
        user = self.request.user
        reviewed = Review.objects.filter(
            course=OuterRef("lecture__course"),
            semester=OuterRef("timetable__semester"),
            author=user,
            living=True,
        )
        entries = TimetableEntry.objects.visible_to(user).filter(
            ~Exists(reviewed),
            lecture__course=OuterRef("pk"),
            timetable__semester__starts_on__lte=timezone.localdate(),
        )
        return courses.filter(Exists(entries) if wanted else ~Exists(entries))
