from accounts.models import School
from api.filters import FilterSet, VisibleFilter


class SemesterFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
