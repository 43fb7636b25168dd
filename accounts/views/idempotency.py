from typing import Any, ClassVar

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.exceptions import IdempotencyKeyReused
from accounts.services.idempotency import Claim, find_result, make_once
from api.views import CreateModelMixin


class IdempotentCreateMixin(CreateModelMixin):
    """Creating takes an `Idempotency-Key`: the same key answers with the first result, as it is now."""

    idempotent_actions: ClassVar[tuple[str, ...]] = ("create",)
    idempotency_errors = (IdempotencyKeyReused,)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        claim = Claim.of(request)
        if claim is None:
            return super().create(request, *args, **kwargs)
        # Before the body is looked at: what was right when it was first sent may be wrong by now.
        result: Any = find_result(user=self.user, claim=claim)
        if result is None:
            serializer = self.get_write_serializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            result, _made = make_once(
                user=self.user, claim=claim, make=lambda: self.perform_create(serializer)
            )
        made = self.get_read_queryset().filter(pk=result).first()
        if made is None:  # deleted since
            raise Http404
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)
