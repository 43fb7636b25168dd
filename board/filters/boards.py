import django_filters

from accounts.models import School
from api.filters import BooleanFilter, CharFilter, FilterSet, SearchFilter, VisibleFilter
from board.models import Board


class BoardFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    category = django_filters.ChoiceFilter(choices=Board.Category.choices, label="The category.")
    name = CharFilter(field_name="name_key", label="The name, however it is spelt.")
    search = SearchFilter(fields=("name", "description"), label="Part of the name or the description.")
    pinned = BooleanFilter(field_name="is_pinned", label="Boards on one's own list, in its order.")
