from typing import Any

from django.core.validators import EmailValidator

from accounts.validators import validate_folded_length
from api.serializers import CharField


class AddressField(CharField):
    """An e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)
        self.validators += [EmailValidator(), validate_folded_length]


class PasswordField(CharField):
    """A password, as it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(max_length=128, trim_whitespace=False, style=style, **kwargs)
