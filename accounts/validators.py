from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.text import fold

# What the API itself calls people, in both of its languages, and the operators.
RESERVED_BEGINNINGS = tuple(fold(name) for name in ("익명", "anonymous", "글쓴이", "운영자"))
RESERVED_NAMES = {
    fold(name) for name in ("(알수없음)", "알수없음", "(unknown)", "author", "operator", "admin")
}


def validate_not_reserved(value: str) -> None:
    """Refuse a nickname that could pass for an anonymous label or for the operators."""
    folded = fold(value)
    if folded in RESERVED_NAMES or folded.startswith(RESERVED_BEGINNINGS):
        raise ValidationError(_("This nickname is reserved."), code="reserved")


def validate_folded_length(value: str) -> None:
    """Refuse a name whose key would be too long: ㍿ folds into four letters."""
    MaxLengthValidator(254)(fold(value))


def refuse_weak_password(password: str, user: Any, *, attr: str) -> None:
    """Refuse a new password that the settings' validators refuse, with a 400 on `attr`.

    Without a `user` it is not compared with the names of one.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors = serializers.as_serializer_error(error)["non_field_errors"]
        raise serializers.ValidationError({attr: errors}) from None
