"""Filters that refuse what they do not understand, where django-filter would answer with unfiltered rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as drf_filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from api.text import fold_text


class FilterBackend(drf_filters.DjangoFilterBackend):
    """Filters lists by the view's `filterset_class`. Single objects are not filtered."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if view.action != "list":
            return queryset
        return super().filter_queryset(request, queryset, view)


class FilterForm(forms.Form):
    """Refuses a parameter that is given but empty: it would filter nothing and say nothing."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.fields:
            if name in self.data and not self.data[name].strip() and name not in self.errors:
                self.add_error(name, ValidationError(_("This parameter must not be empty."), code="blank"))
        return cleaned


class FilterSet(drf_filters.FilterSet):
    class Meta:
        form = FilterForm


class BooleanField(forms.Field):
    """`true` or `false`. Django's own takes a misspelt value for no value."""

    default_error_messages = {"invalid": _("Give true or false.")}

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if value not in ("true", "false"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value == "true"


@extend_schema_field(OpenApiTypes.BOOL)
class BooleanFilter(django_filters.Filter):
    field_class = BooleanField


class InstantField(IsoDateTimeField):
    """An ISO 8601 moment; without an offset it is read in Asia/Seoul."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except (OverflowError, ValueError):  # the first hours of year 1 in Seoul are no time in UTC
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantFilter(django_filters.Filter):
    field_class = InstantField


class VisibleField(forms.Field):
    """The id of a row that the asker may see."""

    default_error_messages = {
        "invalid": _("Give a whole number."),
        "does_not_exist": _("There is nothing with this id."),
    }

    def __init__(self, *args: Any, queryset: QuerySet | None = None, **kwargs: Any) -> None:
        self.queryset = queryset
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        row = self.queryset.filter(pk=int(value)).first() if self.queryset is not None else None
        if row is None:
            raise ValidationError(self.error_messages["does_not_exist"], code="does_not_exist")
        return row


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": BigIntegerField.MAX_BIGINT})
class VisibleFilter(django_filters.Filter):
    """Filters by a related row, looked up among `visible(user)` alone: another school's id does not exist."""

    field_class = VisibleField

    def __init__(self, *args: Any, visible: Callable[[Any], QuerySet], **kwargs: Any) -> None:
        self.visible = visible
        super().__init__(*args, **kwargs)

    @property
    def field(self) -> forms.Field:
        request = self.get_request()
        self.extra["queryset"] = self.visible(request.user) if request is not None else None
        return super().field

    def get_request(self) -> Request | None:
        parent = getattr(self, "parent", None)
        return getattr(parent, "request", None)


@extend_schema_field({"type": "string", "pattern": r"\S", "maxLength": 100})
class CharFilter(django_filters.CharFilter):
    """A text of at most 100 characters, not blank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=100, **kwargs)


class TermField(forms.CharField):
    """What is searched for, one word of which has two characters or more as it is searched (`fold_text`)."""

    default_error_messages = {"min_length": _("One of the words must have two characters or more.")}
    MIN_WORD = 2

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not any(len(word) >= self.MIN_WORD for word in fold_text(text).split()):
            raise ValidationError(self.error_messages["min_length"], code="min_length")
        return text


@extend_schema_field({"type": "string", "pattern": r"\S\S", "maxLength": 100})
class TermFilter(CharFilter):
    """What is searched for (see `TermField`)."""

    field_class = TermField


class SearchFilter(CharFilter):
    """A substring of any of `fields`, whatever the case."""

    def __init__(self, *args: Any, fields: tuple[str, ...], **kwargs: Any) -> None:
        self.fields = fields
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        condition = Q()
        for field in self.fields:
            condition |= Q((f"{field}__icontains", value))
        return qs.filter(condition)
