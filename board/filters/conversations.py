from typing import Any

from django.db.models import QuerySet

from api.filters import BooleanFilter, FilterSet, VisibleFilter
from board.models import Conversation


class ConversationFilterSet(FilterSet):
    unread = BooleanFilter(method="with_unread", label="Conversations with unread messages, or all others.")

    def with_unread(self, sides: Any, name: str, wanted: bool) -> QuerySet:
        return sides.behind().filter(unread_count__gt=0) if wanted else sides.filter(unread_count=0)


class MessageFilterSet(FilterSet):
    conversation = VisibleFilter(
        visible=Conversation.objects.visible_to, required=True, label="The conversation."
    )
