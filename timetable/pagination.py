from typing import Any

from rest_framework.response import Response

from api.pagination import KeysetPagination
from timetable.services.points import balance_of


class TimetablePagination(KeysetPagination):
    """Smaller pages: each timetable comes with up to sixty entries and all their times."""

    max_page_size = 30


class LedgerPagination(KeysetPagination):
    """Pages of a ledger, each with the balance as it is now."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.balance = balance_of(request.user)
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"balance": self.balance} | super().get_paginated_response(data).data)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        page["required"] = ["balance", *page["required"]]
        page["properties"] = {"balance": {"type": "integer", "minimum": 0}} | page["properties"]
        return page
