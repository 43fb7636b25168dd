from rest_framework import mixins

from accounts.filters.schools import SchoolFilterSet
from accounts.models import School
from accounts.serializers.schools import SchoolDetailSerializer
from api.permissions import AllowAny
from api.views import GenericViewSet


class SchoolViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    """The schools one can join. Open to everybody: one picks a school before one has an account."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = SchoolDetailSerializer
    filterset_class = SchoolFilterSet
    orderings = {"name": ("name_key",)}
    lookup_value_converter = "int"

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return School.objects.visible_to(self.user).prefetch_related("email_domains")
