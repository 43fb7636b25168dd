"""Serializer fields and bases that take JSON at its word: a number is no text, and `"yes"` is no boolean."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.text import normalise, validate_visible

FAR_TOO_LONG = 1_000


def whole_number(data: Any) -> int | None:
    """A JSON number without a fraction: to JSON, `1.0` is the integer 1."""
    if type(data) is float and data.is_integer():
        return int(data)
    return data if type(data) is int else None


class CharField(serializers.CharField):
    """Text. DRF's own turns numbers into text."""

    @property
    def refuses_blank(self) -> bool:
        """Whether white space alone is no value."""
        return self.trim_whitespace and not self.allow_blank

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # DRF's own begins with `str(data)`, which for deep nesting is a RecursionError.
        if not isinstance(data, str) and data is not None and data is not serializers.empty:
            self.fail("invalid")
        self.refuse_far_too_long(data)
        return super().run_validation(data)

    def refuse_far_too_long(self, data: Any) -> None:
        """Refuse a text that no trimming makes short enough, before a validator looks at it.

        Validators see what is too long as well, and normalising takes time with the square of the marks that
        follow one letter: minutes for a body of 1 MiB.
        """
        if self.max_length is None or not isinstance(data, str):
            return
        if len(data) > max(FAR_TOO_LONG, 10 * self.max_length):
            self.fail("max_length", max_length=self.max_length)


class TextField(CharField):
    """Long plain text: line breaks are `\\n`, nothing is interpreted."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).replace("\r\n", "\n").replace("\r", "\n")


class NameField(CharField):
    """A name others see: NFC, no invisible characters; lengths count what is left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(validate_visible)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        self.refuse_far_too_long(data)
        return super().run_validation(normalise(data) if isinstance(data, str) else data)


class IntegerField(serializers.IntegerField):
    """A whole number. DRF's own takes `"1"` and `true`."""

    def to_internal_value(self, data: Any) -> int:
        number = whole_number(data)
        if number is None:
            self.fail("invalid")
        return super().to_internal_value(number)


class BooleanField(serializers.BooleanField):
    """`true` or `false`. DRF's own takes `"yes"`, `1` and more."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class ChoiceField(serializers.ChoiceField):
    """One of the codes, as text. DRF's own looks up `str(data)`."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return super().to_internal_value(data)


class ListField(serializers.ListField):
    """A list. DRF's own validates every item before it looks at `max_length`."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and self.max_length is not None and len(data) > self.max_length:
            raise serializers.ValidationError(
                gettext("Give at most %(max)d.") % {"max": self.max_length}, code="max_length"
            )
        return super().to_internal_value(data)


class UUIDField(serializers.UUIDField):
    """A UUID, as text. DRF's own takes numbers."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=type(data).__name__)
        return super().to_internal_value(data)


class UploadField(serializers.FileField):
    """A file of a form, as its bytes. Neither its name nor the type it claims to be says anything."""

    def to_internal_value(self, data: Any) -> bytes:  # type: ignore[override]
        content: bytes = super().to_internal_value(data).read()
        return content


@extend_schema_field(OpenApiTypes.INT)
class VisibleRelatedField(serializers.PrimaryKeyRelatedField):
    """The id of a row among `visible(user)`. An unseen and a missing id give the same bytes."""

    default_error_messages = {
        "does_not_exist": _("There is nothing with this id."),
        "incorrect_type": _("Give an id: a whole number."),
    }

    def __init__(self, *, visible: Callable[[Any], models.QuerySet], **kwargs: Any) -> None:
        self.visible = visible
        super().__init__(**kwargs)

    def get_queryset(self) -> models.QuerySet:
        return self.visible(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        number = whole_number(data)
        if number is None:
            self.fail("incorrect_type")
        return super().to_internal_value(number)


class ModelSerializer(serializers.ModelSerializer):
    """DRF's, with the strict fields above."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: CharField,
        models.TextField: TextField,
        models.IntegerField: IntegerField,
        models.PositiveIntegerField: IntegerField,
        models.PositiveSmallIntegerField: IntegerField,
        models.BooleanField: BooleanField,
    }
    serializer_choice_field = ChoiceField
