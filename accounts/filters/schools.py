from api.filters import CharFilter, FilterSet, SearchFilter


class SchoolFilterSet(FilterSet):
    search = SearchFilter(fields=("name_key",), label="Part of the name.")
    region = CharFilter(label="The region, such as 서울특별시.")
