"""What the operators' pages of semesters, courses and lectures have in common."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import PROTECT
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from api.admin import Admin


class HeldAdmin(Admin):
    """Rows that can be deleted while nothing needs them."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What holds the rows, in numbers. Django would list every lecture, and people's timetables."""
        counts = {relation.related_model: self.count_holders(relation, objs) for relation in self.holders}
        held = [
            f"{capfirst(model._meta.verbose_name_plural)}: {count}"
            for model, count in counts.items()
            if count
        ]
        return [str(row) for row in objs], {self.opts.verbose_name_plural: len(objs)}, set(), held

    @property
    def holders(self) -> list[Any]:
        return [relation for relation in self.opts.related_objects if relation.on_delete is PROTECT]

    def count_holders(self, relation: Any, rows: Any) -> int:
        return relation.related_model.objects.filter(**{f"{relation.field.name}__in": rows}).count()


class CatalogueForm(forms.ModelForm):
    """A form of texts that are looked up in a folded form."""

    def refuse_long(self, attr: str, folded: str, most: int | None) -> None:
        """A compatibility form becomes up to 18 letters once it is folded: too many for its column."""
        if most is not None and len(folded) > most:
            self.add_error(attr, ValidationError(_("This is too long."), code="max_length"))

    def refuse_taken(self, attr: str, **keys: Any) -> None:
        rivals = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        if not self.errors and rivals.filter(**keys).exists():
            self.add_error(attr, ValidationError(_("This is taken."), code="unique"))
