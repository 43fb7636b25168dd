from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import AddressTaken, AlreadyVerified, NoSchoolAddresses
from accounts.models import User
from accounts.serializers.users import MeSerializer
from accounts.serializers.verifications import (
    CodeSerializer,
    EmailChangeSerializer,
    SchoolVerificationSerializer,
)
from accounts.services import verifications as services
from api.throttling import ActionThrottle, NetworkThrottle
from api.views import GenericViewSet

CODE = OpenApiExample("the code", {"code": "K7QM-2XRD"}, request_only=True)


class CodeViewSet(GenericViewSet):
    """What is confirmed by a code that comes by mail. It is good for 10 minutes, five tries, and once.

    A new code takes the place of the one before. An address is sent at most five an hour; what is asked for
    beyond that answers the same, and brings none.
    """

    queryset = User.objects.none()
    serializer_class = MeSerializer
    pagination_class = None
    throttle_classes = (ActionThrottle, NetworkThrottle)
    throttle_scopes = {"create": "code", "confirm": "confirm"}
    # Many accounts of one address are as one: each could have codes sent to anybody.
    network_throttle_scopes = {"create": "code_network"}

    def answer(self) -> Response:
        """Oneself, as one is now."""
        user = User.objects.select_related("school").get(pk=self.user.pk)
        return Response(MeSerializer(user, context=self.get_serializer_context()).data)


@extend_schema_view(create=extend_schema(operation_id="auth_email_create"))
class EmailViewSet(CodeViewSet):
    """Having another e-mail address."""

    write_serializer_classes = {"create": EmailChangeSerializer, "confirm": CodeSerializer}
    invalidates = {
        "create": {"password": ("incorrect",)},
        "confirm": {"code": ("code_invalid",), "email": ("unique",)},
    }

    @extend_schema(responses={202: None})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a code to the new address.

        One that another account has gets none, and the answer is the same.
        """
        services.ask_email_code(user=self.user, **self.validated(request))
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=MeSerializer, examples=[CODE])
    @action(detail=False, methods=["post"])
    def confirm(self, request: Request) -> Response:
        """Have the new address from now on. The old one is told by mail."""
        services.change_email(user=self.user, **self.validated(request))
        return self.answer()


class SchoolVerificationViewSet(CodeViewSet):
    """Verifying the school by an address that it gave."""

    write_serializer_classes = {"create": SchoolVerificationSerializer, "confirm": CodeSerializer}
    raises = {
        "create": (AlreadyVerified, NoSchoolAddresses),
        "confirm": (AddressTaken,),
    }
    invalidates = {
        "create": {"email": ("not_of_school",)},
        "confirm": {"code": ("code_invalid",)},
    }

    @extend_schema(
        responses={202: None},
        examples=[OpenApiExample("an address", {"email": "minji@hongik.ac.kr"}, request_only=True)],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a code to an address at one of the school's `email_domains`.

        Once it was used, the address itself is not kept.
        """
        services.ask_school_code(user=self.user, **self.validated(request))
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=MeSerializer, examples=[CODE])
    @action(detail=False, methods=["post"])
    def confirm(self, request: Request) -> Response:
        """The school is verified. An address verifies one account at a time."""
        services.verify_school(user=self.user, **self.validated(request))
        return self.answer()
