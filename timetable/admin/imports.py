"""The operators' pages for catalogues: upload one, look at what it would do, apply it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, CharField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.admin import SchoolFilter
from api.admin import Admin
from timetable.catalogue.cells import CatalogueError
from timetable.catalogue.files import MEBIBYTE
from timetable.catalogue.formats import formats
from timetable.catalogue.reading import Reading, read_catalogue
from timetable.models import CatalogueImport, Semester
from timetable.services.catalogue import SyncRefused
from timetable.services.catalogue.report import count_rows, sections
from timetable.services.imports import (
    MAX_UPLOAD_BYTES,
    ImportClosed,
    apply_import,
    discard_import,
    upload_catalogue,
)

OPEN, APPLIED, DISCARDED = "open", "applied", "discarded"
STATES = {OPEN: _("waits to be applied"), APPLIED: _("applied"), DISCARDED: _("discarded")}


def format_choices() -> list[tuple[str, Any]]:
    return [(name, format.DESCRIPTION) for name, format in formats().items()]


class SemesterField(forms.ModelChoiceField):
    """Semesters with their schools: every school has a 2025-2."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.school} {obj}"


class ImportForm(forms.ModelForm):
    """A catalogue's file, which must be readable in its format."""

    semester = SemesterField(
        Semester.objects.select_related("school").order_by("school__name_key", "-starts_on"),
        label=_("semester"),
    )
    format = forms.ChoiceField(label=_("format"), choices=format_choices)
    file = forms.FileField(
        label=_("file"), help_text=_("Nothing is imported yet: first you see what it would do.")
    )
    reading: Reading

    class Meta:
        model = CatalogueImport
        fields = ("semester", "format")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            message = _("A file of more than %(limit)d MB is for `manage.py import_lectures`.")
            raise ValidationError(message, code="too_large", params={"limit": MAX_UPLOAD_BYTES // MEBIBYTE})
        return file

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                self.reading = read_catalogue(
                    format=self.cleaned_data["format"], file=self.cleaned_data["file"]
                )
            except CatalogueError as error:
                self.add_error("file", ValidationError(str(error), code="unreadable"))
        return cleaned


@admin.register(CatalogueImport)
class CatalogueImportAdmin(Admin):
    """What was uploaded is read here, and applied or discarded; nothing of it can be edited."""

    form = ImportForm
    fields = ("semester", "format", "file")
    list_display = ("file_name", "school", "semester", "format", "shown_state", "uploaded_by", "created_at")
    list_filter = (("semester__school", SchoolFilter),)
    list_select_related = ("semester__school", "uploaded_by")
    search_fields = ("file_name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without the files themselves."""
        state = Case(
            When(applied_at__isnull=False, then=Value(APPLIED)),
            When(content__isnull=False, then=Value(OPEN)),
            default=Value(DISCARDED),
            output_field=CharField(),
        )
        return super().get_queryset(request).defer("content", "report").annotate(state=state)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who uploads a file sees what it would do."""
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("school"), ordering="semester__school__name_key")
    def school(self, catalogue_import: CatalogueImport) -> str:
        return str(catalogue_import.semester.school)

    @admin.display(description=_("state"))
    def shown_state(self, catalogue_import: Any) -> Any:
        return STATES[catalogue_import.state]

    # --- Uploading

    def save_model(self, request: HttpRequest, obj: CatalogueImport, form: Any, change: bool) -> None:
        file = form.cleaned_data["file"]
        file.seek(0)
        stored = upload_catalogue(
            user=request.user,  # type: ignore[arg-type]
            semester=form.cleaned_data["semester"],
            format=form.cleaned_data["format"],
            file_name=file.name,
            content=file.read(),
            reading=form.reading,
        )
        obj.pk, obj.file_name = stored.pk, stored.file_name

    def response_add(self, request: HttpRequest, obj: CatalogueImport, post_url_continue: Any = None) -> Any:
        return self.to_page(obj)

    # --- The page of an import

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Read what an import would do, or did; with POST, apply or discard it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        catalogue_import: Any = self.get_object(request, unquote(object_id))
        if catalogue_import is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
        if request.method != "POST":
            return self.page(request, catalogue_import)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "apply" in request.POST:
            self.message_user(request, *self.outcome(request, catalogue_import, self.apply))
        elif "discard" in request.POST:
            self.message_user(request, *self.outcome(request, catalogue_import, self.discard))
        return self.to_page(catalogue_import)

    def outcome(self, request: HttpRequest, catalogue_import: CatalogueImport, act: Any) -> tuple[Any, int]:
        """What to say, and how loudly, once somebody has pressed a button."""
        try:
            return act(request, catalogue_import)
        except ImportClosed:
            return _("Meanwhile it was applied or discarded."), messages.ERROR
        except (SyncRefused, CatalogueError) as error:
            return _("Nothing was imported. %(reason)s") % {"reason": error}, messages.ERROR

    def apply(self, request: HttpRequest, catalogue_import: CatalogueImport) -> tuple[Any, int]:
        if not apply_import(catalogue_import=catalogue_import, force="force" in request.POST):
            message = _("Nothing was imported: meanwhile it would do something else. Look again.")
            return message, messages.WARNING
        self.log_change(request, catalogue_import, str(STATES[APPLIED]))
        return _("The catalogue is imported."), messages.SUCCESS

    def discard(self, request: HttpRequest, catalogue_import: CatalogueImport) -> tuple[Any, int]:
        discard_import(catalogue_import=catalogue_import)
        self.log_change(request, catalogue_import, str(STATES[DISCARDED]))
        return _("The file is discarded."), messages.SUCCESS

    def to_page(self, catalogue_import: CatalogueImport) -> HttpResponse:
        return redirect("admin:timetable_catalogueimport_change", catalogue_import.pk)

    def page(self, request: HttpRequest, catalogue_import: Any) -> HttpResponse:
        report = catalogue_import.report
        context = self.admin_site.each_context(request) | {
            "title": f"{catalogue_import.semester.school} {catalogue_import.semester}: {catalogue_import}",
            "opts": self.opts,
            "catalogue_import": catalogue_import,
            "state": STATES[catalogue_import.state],
            "counts": count_rows(report),
            "sections": list(sections(report)),
            "refused": report.get("refused", []),
            "may_act": catalogue_import.state == OPEN and self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/timetable/catalogueimport/report.html", context)
