from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import School
from api.filters import BooleanFilter, CharFilter, FilterSet, VisibleFilter
from timetable.filters.search import CatalogueSearchFilter
from timetable.models import TimetableEntry


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
        method="attended",
        label="Courses that one may review, or all others: a lecture of theirs is in a timetable of one's "
        "own, and its semester has begun.",
    )

    def attended(self, courses: QuerySet, name: str, wanted: bool) -> QuerySet:
        entries = TimetableEntry.objects.filter(
            lecture__course=OuterRef("pk"),
            timetable__user=self.request.user,
            timetable__semester__starts_on__lte=timezone.localdate(),
        )
        return courses.filter(Exists(entries) if wanted else ~Exists(entries))
