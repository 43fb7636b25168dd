"""The same text again, too soon: refused through the cache, which all workers share."""

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from accounts.exceptions import DuplicateText
from accounts.models import User
from api.slots import Slots
from api.text import fold


@dataclass(frozen=True)
class TextClaim:
    """A text that one person is sending, or has just sent.

    Claims of one `token` are one request, or retries of one. Both fields are keyed hashes or random: the
    cache is no list of who wrote what.
    """

    key: str
    token: str

    @classmethod
    def of(cls, *, user: User, kind: str, texts: tuple[str, ...], retry_key: str | None) -> "TextClaim":
        """The claim of a text; requests with the same `retry_key` share it."""
        token = secrets.token_hex(16) if retry_key is None else digest("retry", str(user.pk), retry_key)
        return cls("duplicate_text:" + digest("text", str(user.pk), kind, *texts), token)

    def take(self) -> None:
        """Hold the text for `DUPLICATE_TEXT_SECONDS`; DuplicateText where another request holds it."""
        seconds: int = settings.DUPLICATE_TEXT_SECONDS
        if seconds > 0 and not cache.add(self.key, self.token, seconds) and not self.is_held():
            raise DuplicateText

    def release(self) -> None:
        """Let the text be sent again: nothing came of it."""
        if self.is_held():
            cache.delete(self.key)

    def is_held(self) -> bool:
        return bool(cache.get(self.key) == self.token)


def digest(*parts: str) -> str:
    """A hash that nobody can make without the secret key."""
    return salted_hmac("accounts.services.floods", json.dumps(parts), algorithm="sha256").hexdigest()


def take_turn(kind: str, whose: str, *, number: int, seconds: int = 3600) -> bool:
    """Whether something may happen once more, `number` times an hour for each `whose`, in any worker."""
    return Slots(f"turn:{digest('turn', kind, fold(whose))}", number, seconds).take()
