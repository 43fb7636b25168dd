"""What every app's admin shares."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.serializers import FAR_TOO_LONG
from api.text import normalise, validate_visible

# What Django's own filters append to a field. Any other lookup is somebody's own, `__regex` for one.
FILTER_SUFFIXES = ("", "__exact", "__id__exact", "__isnull", "__isempty")


class KeysOnly(widgets.AutocompleteMixin):
    """Shows a form again whatever was posted. Django asks the database, and fails on what is no key."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if one == "" or self.is_key(one)], attrs)

    def is_key(self, value: Any) -> bool:
        try:
            self.field.remote_field.model._meta.pk.clean(value, None)
        except ValidationError:
            return False
        return True


class AutocompleteSelect(KeysOnly, widgets.AutocompleteSelect):
    pass


class AutocompleteSelectMultiple(KeysOnly, widgets.AutocompleteSelectMultiple):
    pass


class Admin(admin.ModelAdmin):
    """What all our pages have in common: small lists that cost the same however many rows there are.

    None has a `date_hierarchy`: it truncates dates in SQL, for which a fresh MariaDB lacks the time zones.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:  # type: ignore[override]
        """A list can be narrowed by its own filters alone.

        Django would take every relation of a row, both ways: `?posts=1` in the list of users would name the
        author of an anonymous post.
        """
        offered = [filter_name(item) for item in self.get_list_filter(request)]
        emitted = {f"{name}{suffix}" for name in offered for suffix in FILTER_SUFFIXES}
        return lookup in emitted and super().lookup_allowed(lookup, value, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """A row is opened by its key alone. Django's own rule fails on the name of a reverse relation."""
        return to_field == self.opts.pk.name


def filter_name(item: Any) -> str:
    """The query parameter of one entry of `list_filter`, or the field it is about."""
    return item[0] if isinstance(item, tuple) else getattr(item, "parameter_name", item)


class ReadOnlyAdmin(Admin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NameField(forms.CharField):
    """A name others see, as the API takes it: NFC, no invisible characters."""

    default_validators = [validate_visible]

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        # What is far too long is refused as it is: normalising would take minutes.
        return text if len(text) > FAR_TOO_LONG else normalise(text)


class NamedForm(forms.ModelForm):
    """A form that finds a taken name, however it is spelt.

    Django looks at the fields of the form, and the folded keys that decide are in none.
    """

    folded_keys: ClassVar[dict[str, str]] = {"name": "name_key"}

    def rivals(self) -> QuerySet[Any]:
        """The rows that must differ in name."""
        return self._meta.model._default_manager.exclude(pk=self.instance.pk)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for attr, key in self.folded_keys.items():
            if attr in self.cleaned_data and self.rivals().filter(**{key: self.cleaned_data[attr]}).exists():
                self.add_error(attr, ValidationError(_("This is taken."), code="unique"))
        return cleaned
