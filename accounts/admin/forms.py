"""What a moderator fills in on the page of a case."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Reason, Sanction

FOR_GOOD = "for_good"
TERMS = [
    *((str(days), ngettext_lazy("%d day", "%d days", days) % days) for days in (1, 3, 7, 30)),
    (FOR_GOOD, _("for good")),
]


class NoteField(forms.CharField):
    """Lines end as the API has them: a browser sends two characters, and each counts."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class SanctionForm(forms.Form):
    """A sanction of whoever wrote what a case is about."""

    reason = forms.ChoiceField(label=_("reason"), choices=Reason.choices)
    kind = forms.ChoiceField(label=_("sanction"), choices=Sanction.Kind.choices)
    term = forms.ChoiceField(label=_("for how long"), choices=TERMS)

    @property
    def terms(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"], "until": self.until}

    @property
    def until(self) -> datetime | None:
        term = self.cleaned_data["term"]
        return None if term == FOR_GOOD else timezone.now() + timedelta(days=int(term))


class DecisionForm(SanctionForm):
    """A decision about an open case. Its note is for those who reported and for the author."""

    note = NoteField(
        label=_("note"),
        max_length=500,
        help_text=_("Shown to those who reported, and to the author where it is upheld."),
    )
    kind = forms.ChoiceField(
        label=_("sanction"), choices=[("", _("none")), *Sanction.Kind.choices], required=False
    )

    field_order = ("note", "reason", "kind", "term")

    def __init__(self, *args: Any, may_sanction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_sanction:
            del self.fields["kind"], self.fields["term"]

    def clean(self) -> dict[str, Any] | None:
        if "dismiss" in self.data and self.cleaned_data.get("kind"):
            message = _("A case is dismissed without a sanction.")
            self.add_error("kind", ValidationError(message, code="dismissed"))
        return super().clean()

    @property
    def sanction(self) -> dict[str, Any] | None:
        return self.terms if self.cleaned_data.get("kind") else None
