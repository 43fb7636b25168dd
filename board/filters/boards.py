import django_filters
from django.db.models import QuerySet

from accounts.models import School
from api.filters import BooleanFilter, CharFilter, FilterSet, SearchFilter, VisibleFilter
from board.models import Board


class BoardFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    category = django_filters.ChoiceFilter(choices=Board.Category.choices, label="The category.")
    name = CharFilter(field_name="name_key", label="The name, however it is spelt.")
    search = SearchFilter(fields=("name", "description"), label="Part of the name or the description.")
    pinned = BooleanFilter(field_name="is_pinned", label="Boards on one's own list, in its order.")
    offered = BooleanFilter(method="offered_to_me", label="Boards one can accept, or all others.")

    def offered_to_me(self, boards: QuerySet, name: str, wanted: bool) -> QuerySet:
        own = {"offered_to": self.request.user}
        return boards.filter(**own) if wanted else boards.exclude(**own)
