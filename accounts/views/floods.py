from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services.floods import TextClaim
from accounts.services.idempotency import HEADER
from api.views import CreateModelMixin


class RefusesRepeatsMixin(CreateModelMixin):
    """Creating refuses the text that the same person sent a moment ago.

    Stands before `IdempotentCreateMixin`. `perform_create` begins with `refuse_repeat`, and `raises` names
    DuplicateText. Where the request then fails, the text may be sent again at once.
    """

    text_claim: TextClaim | None = None

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().create(request, *args, **kwargs)
        except Exception:
            if self.text_claim is not None:
                self.text_claim.release()
            raise

    def refuse_repeat(self, kind: str, *texts: str) -> None:
        """DuplicateText where this person is sending the same texts of this kind, or has just sent them.

        Two requests with one Idempotency-Key are no repeat of each other: they make one row.
        """
        claim = TextClaim.of(
            user=self.user, kind=kind, texts=texts, retry_key=self.request.headers.get(HEADER)
        )
        claim.take()
        self.text_claim = claim
