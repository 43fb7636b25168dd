"""Parameters that are numbers, and such as may be given several times."""

from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

# A parameter may be given so often.
MAX_VALUES = 50
# The same as of `api.filters.CharFilter`.
MAX_LENGTH = 100


def out_of_range(least: Any, most: Any) -> ValidationError:
    return ValidationError(
        _("Give a number from %(min)s to %(max)s."), code="out_of_range", params={"min": least, "max": most}
    )


class IntegerField(forms.Field):
    """A whole number from `least` to `most`."""

    default_error_messages = {"invalid": _("Give a whole number.")}

    def __init__(self, *args: Any, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not self.least <= int(value) <= self.most:
            raise out_of_range(self.least, self.most)
        return int(value)


class CreditField(forms.Field):
    """A number such as 3 or 0.5, as many as a lecture's credit can be."""

    MOST = Decimal("999.9")
    default_error_messages = {"invalid": _("Give a number.")}

    def to_python(self, value: Any) -> Decimal:
        try:
            credit = Decimal(value)
        except InvalidOperation:
            credit = Decimal("NaN")
        if not credit.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not 0 <= credit <= self.MOST:
            raise out_of_range(0, self.MOST)
        return credit


class RepeatedField(forms.Field):
    """A parameter that may be given several times: a list of what `each` makes of the values."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "blank": _("This parameter must not be empty."),
        "max_length": _("Give at most %(max)d."),
    }

    def __init__(self, *args: Any, each: forms.Field, **kwargs: Any) -> None:
        self.each = each
        super().__init__(*args, **kwargs)

    def to_python(self, values: Any) -> list[Any]:
        values = values or []
        if len(values) > MAX_VALUES:
            message = self.error_messages["max_length"]
            raise ValidationError(message, code="max_length", params={"max": MAX_VALUES})
        if not all(value.strip() for value in values):
            raise ValidationError(self.error_messages["blank"], code="blank")
        return [self.each.clean(value) for value in values]


class IntegerFilter(django_filters.Filter):
    field_class = IntegerField

    def __init__(self, *args: Any, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(*args, least=least, most=most, **kwargs)
        extend_schema_field({"type": "integer", "minimum": least, "maximum": most})(self)


class RepeatedFilter(django_filters.Filter):
    """Rows that have any of the values. `items` is what the schema says of one."""

    field_class = RepeatedField

    def __init__(self, *args: Any, each: forms.Field, items: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, each=each, lookup_expr="in", **kwargs)
        schema = {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_VALUES}
        extend_schema_field(schema)(self)


def any_of_texts(**kwargs: Any) -> RepeatedFilter:
    items = {"type": "string", "pattern": r"\S", "maxLength": MAX_LENGTH}
    return RepeatedFilter(each=forms.CharField(max_length=MAX_LENGTH), items=items, **kwargs)


def any_of_numbers(*, least: int, most: int, **kwargs: Any) -> RepeatedFilter:
    items = {"type": "integer", "minimum": least, "maximum": most}
    return RepeatedFilter(each=IntegerField(least=least, most=most), items=items, **kwargs)


def any_of_credits(**kwargs: Any) -> RepeatedFilter:
    items = {"type": "number", "minimum": 0, "maximum": float(CreditField.MOST)}
    return RepeatedFilter(each=CreditField(), items=items, **kwargs)
