from django.db.models import F, QuerySet

from accounts.models import School
from api.filters import BooleanFilter, CharFilter, FilterSet, VisibleFilter
from timetable.filters.fields import any_of_credits, any_of_numbers, any_of_texts
from timetable.filters.search import CatalogueSearchFilter
from timetable.filters.times import TimesFilterSet
from timetable.models import Semester
from timetable.models.lectures import GRADE_YEARS, grade_year_bits


class LectureFilterSet(TimesFilterSet):
    school = VisibleFilter(
        field_name="semester__school",
        visible=School.objects.own,
        label="The school; for staff, others have one.",
    )
    semester = VisibleFilter(visible=Semester.objects.visible_to, label="The semester.")
    search = CatalogueSearchFilter(
        label="Words of at least two characters together, each part of the title, the professor, the code or "
        "a place, whatever the case and the spaces. Initial consonants (`ㅈㄹㄱㅈ`) find titles."
    )
    department = any_of_texts(label="The department, as `facets` has it. Repeat it for any of several.")
    category = any_of_texts(label="The category 구분, as `facets` has it. Repeat it for any of several.")
    area = any_of_texts(label="The area 영역, as `facets` has it. Repeat it for any of several.")
    campus = any_of_texts(label="The campus, as `facets` has it. Repeat it for any of several.")
    grade_year = any_of_numbers(
        least=GRADE_YEARS[0],
        most=GRADE_YEARS[-1],
        method="for_years",
        label="Meant for this year of study; not where the catalogue does not say. Repeat it for any of "
        "several.",
    )
    credit = any_of_credits(label="The credit, such as `3` or `0.5`. Repeat it for any of several.")
    professor = CharFilter(
        field_name="course__professor_key",
        lookup_expr="icontains",
        label="Part of the professor's name, whatever the case and the spaces.",
    )
    is_cancelled = BooleanFilter(label="Cancelled lectures, or all others.")
    watched = BooleanFilter(field_name="is_watched", label="Lectures one watches, or all others.")

    def for_years(self, lectures: QuerySet, name: str, years: list[int]) -> QuerySet:
        meant = F("grade_year").bitand(grade_year_bits(years))
        return lectures.alias(meant_for_years=meant).filter(meant_for_years__gt=0)


class FacetFilterSet(FilterSet):
    semester = VisibleFilter(visible=Semester.objects.visible_to, required=True, label="The semester.")
