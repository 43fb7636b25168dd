from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.serializers import BaseSerializer

from accounts.exceptions import OwnContent
from accounts.filters.moderation import SanctionFilterSet
from accounts.models import Sanction
from accounts.permissions import IsModerator
from accounts.serializers.sanctions import SanctionSerializer, SanctionWriteSerializer
from accounts.services import sanctions as services
from api.views import CreateModelMixin, GenericViewSet

SANCTION_EXAMPLE = {
    "target_kind": "comment",
    "target_id": 7,
    "kind": "no_writing",
    "until": "2027-03-02T09:00:00+09:00",
    "reason": "abuse",
}


@extend_schema_view(
    create=extend_schema(
        examples=[OpenApiExample("of who wrote a comment", SANCTION_EXAMPLE, request_only=True)]
    )
)
class SanctionViewSet(
    CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """The sanctions that a school's moderators gave, the newest first.

    One sanctions whoever wrote something without learning who that is. Two sanctions of one person through
    two things they wrote are two, and nothing tells that they belong together. Deleting one lifts it.
    """

    queryset = Sanction.objects.none()
    serializer_class = SanctionSerializer
    write_serializer_class = SanctionWriteSerializer
    default_permissions = (IsModerator,)
    lookup_value_converter = "int"
    filterset_class = SanctionFilterSet
    orderings = {"newest": ("-id",)}
    raises = {"create": (OwnContent,)}
    invalidates = {
        "create": {"user": ("one_of",), "until": ("past",), "target_id": ("does_not_exist",)},
    }

    def get_queryset(self) -> QuerySet[Sanction]:
        return Sanction.objects.visible_to(self.user).select_related("issued_by", "school")

    def paginate_queryset(self, queryset: Any) -> Any:
        sanctions = super().paginate_queryset(queryset)
        services.attach_authors(sanctions or ())
        return sanctions

    def get_object(self) -> Any:
        sanction = super().get_object()
        services.attach_authors([sanction])
        return sanction

    def represent(self, instance: Any) -> Any:
        sanction = self.get_queryset().get(pk=instance.pk)
        services.attach_authors([sanction])
        return self.get_serializer(sanction).data

    def perform_create(self, serializer: BaseSerializer) -> Sanction:
        terms = dict(serializer.validated_data)
        if "user" in terms:
            return services.sanction_user(user=self.user, sanctioned=terms.pop("user"), **terms)
        return services.sanction_through(user=self.user, **terms)

    def perform_destroy(self, instance: Any) -> None:
        services.lift_sanction(user=self.user, sanction=instance)
