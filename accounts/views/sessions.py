from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Session
from accounts.serializers.sessions import SessionSerializer
from accounts.services import sessions as services
from api.views import GenericViewSet


class SessionViewSet(mixins.DestroyModelMixin, mixins.ListModelMixin, GenericViewSet):
    """The devices that one is signed in on, the newest first. Ending one signs it out at once."""

    queryset = Session.objects.none()
    serializer_class = SessionSerializer
    lookup_value_converter = "uuid"
    orderings = {"newest": ("-created_at", "-id")}

    def get_queryset(self) -> QuerySet[Session]:
        return Session.objects.visible_to(self.user)

    def perform_destroy(self, instance: Session) -> None:
        services.end_session(session_id=instance.pk, reason=Session.RevokedReason.ENDED)

    @extend_schema(operation_id="auth_sessions_destroy_all", responses={204: None})
    def destroy_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End all others: all devices but this one are signed out at once."""
        current: Any = request.auth
        services.end_sessions(user=self.user, besides=current, reason=Session.RevokedReason.ENDED)
        return Response(status=status.HTTP_204_NO_CONTENT)
