from api.filters import FilterSet, VisibleFilter
from timetable.models import Semester


class TimetableFilterSet(FilterSet):
    semester = VisibleFilter(visible=Semester.objects.visible_to, label="The semester.")
