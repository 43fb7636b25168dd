import django_filters

from api.filters import FilterSet, SearchFilter


class SchoolFilterSet(FilterSet):
    search = SearchFilter(fields=("name_key",), label="Part of the name.")
    region = django_filters.CharFilter(max_length=20, label="The region, such as 서울특별시.")
