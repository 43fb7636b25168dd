"""Retries that make nothing twice: see `IdempotencyRecord`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.exceptions import IdempotencyKeyReused
from accounts.models import IdempotencyRecord, User
from api.db import write
from api.errors import BadRequest, invalid

HEADER = "Idempotency-Key"
MAX_LENGTH = 255


@dataclass(frozen=True)
class Claim:
    """One request with a key. `key` and `body_hash` are SHA-256 in hex."""

    key: str
    method: str
    path: str
    body_hash: str

    @classmethod
    def of(cls, request: Request) -> "Claim | None":
        """The claim of a request; None without the header; 400 where the key is malformed."""
        key = request.headers.get(HEADER)
        if key is None:
            return None
        if not 1 <= len(key) <= MAX_LENGTH or not all("!" <= character <= "~" for character in key):
            raise invalid(HEADER, _("Use 1 to 255 visible ASCII characters."), "invalid")
        try:
            body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:  # nested deeper than what is read may be when it is written
            raise BadRequest from None
        return cls(
            hashlib.sha256(key.encode()).hexdigest(),
            request.method or "",
            request.path[:200],
            hashlib.sha256(body).hexdigest(),
        )

    def matches(self, record: IdempotencyRecord) -> bool:
        return (self.method, self.path, self.body_hash) == (record.method, record.path, record.body_hash)


def find_result(*, user: User, claim: Claim) -> str | None:
    """The id of what the first request with this key made; None where there was none.

    Raises IdempotencyKeyReused where the key belongs to another request.
    """
    record = IdempotencyRecord.objects.filter(user=user, key=claim.key).first()
    if record is None:
        return None
    if record.is_expired:
        record.delete()
        return None
    if not claim.matches(record):
        raise IdempotencyKeyReused
    return record.target_id


@write
def make_once(*, user: User, claim: Claim, make: Callable[[], Model]) -> tuple[Any, bool]:
    """Run `make` unless a request with this key already did: the row's id, and whether it was made now.

    The record comes first: a second request with the key waits here until the first has committed.
    """
    try:
        with transaction.atomic():
            record = IdempotencyRecord.objects.create(
                user=user,
                key=claim.key,
                method=claim.method,
                path=claim.path,
                body_hash=claim.body_hash,
                status=201,
            )
    except IntegrityError:
        return find_result(user=user, claim=claim), False
    made = make()
    IdempotencyRecord.objects.filter(pk=record.pk).update(target_id=str(made.pk))
    return made.pk, True
