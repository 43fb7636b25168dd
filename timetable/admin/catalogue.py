"""The operators' pages for semesters, courses and lectures. Catalogues come in through `imports`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import SchoolFilter
from api.admin import NameField
from api.text import fold
from timetable.admin.base import CatalogueForm, HeldAdmin
from timetable.admin.imports import SemesterField
from timetable.admin.times import LectureTimeInline
from timetable.models import Course, Lecture, Semester
from timetable.models.lectures import GRADE_YEARS, grade_year_bits, professor_key
from timetable.services.lectures import begin_edit, course_of, finish_edit
from timetable.text import initials

MAX_SEATS = 999_999


def length_of(model: Any, attr: str) -> int | None:
    return model._meta.get_field(attr).max_length


class SemesterForm(CatalogueForm):
    class Meta:
        model = Semester
        fields = ("school", "year", "term", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if not self.errors and found["ends_on"] <= found["starts_on"]:
            self.add_error("ends_on", ValidationError(_("This must be after the start."), code="not_after"))
        school = found.get("school") or self.instance.school_id
        self.refuse_taken("term", school=school, year=found.get("year"), term=found.get("term"))
        return found


@admin.register(Semester)
class SemesterAdmin(HeldAdmin):
    form = SemesterForm
    list_display = ("name", "school", "starts_on", "ends_on")
    list_filter = ("term", ("school", SchoolFilter))
    list_select_related = ("school",)
    search_fields = ("year", "term", "school__name_key")
    autocomplete_fields = ("school",)

    def get_readonly_fields(self, request: HttpRequest, obj: Semester | None = None) -> tuple[str, ...]:
        # Its lectures' courses are of the school.
        return () if obj is None else ("school",)

    @admin.display(description=_("semester"), ordering="starts_on")
    def name(self, semester: Semester) -> str:
        return semester.name


class CourseForm(CatalogueForm):
    class Meta:
        model = Course
        fields = ("school", "code", "title", "professor")
        field_classes = dict.fromkeys(("code", "title", "professor"), NameField)

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        code, professors = fold(found.get("code", "")), professor_key(found.get("professor", ""))
        self.refuse_long("code", code, length_of(Course, "code_key"))
        self.refuse_long("professor", professors, length_of(Course, "professor_key"))
        self.refuse_long("title", initials(found.get("title", "")), length_of(Course, "title_initials"))
        school = found.get("school") or self.instance.school_id
        self.refuse_taken("code", school=school, code_key=code, professor_key=professors)
        return found


@admin.register(Course)
class CourseAdmin(HeldAdmin):
    form = CourseForm
    list_display = ("title", "code", "professor", "school")
    list_filter = (("school", SchoolFilter),)
    list_select_related = ("school",)
    search_fields = ("search_text",)
    autocomplete_fields = ("school",)

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> tuple[str, ...]:
        return () if obj is None else ("school",)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        obj.index()
        # Of a course that is there, only what the form has: its rating changes meanwhile.
        columns = [*form.changed_data, "code_key", "professor_key", "search_text", "title_initials"]
        obj.save(update_fields=[*columns, "updated_at"] if change else None)


class LectureForm(CatalogueForm):
    grade_years = forms.TypedMultipleChoiceField(
        label=_("years of study"),
        choices=[(year, year) for year in GRADE_YEARS],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None where the catalogue does not say."),
    )
    credit = forms.DecimalField(label=_("credit"), min_value=0, max_digits=4, decimal_places=1)
    capacity = forms.IntegerField(label=_("capacity"), min_value=0, max_value=MAX_SEATS, required=False)
    enrolled = forms.IntegerField(label=_("enrolled"), min_value=0, max_value=MAX_SEATS, required=False)

    class Meta:
        model = Lecture
        texts = ("code", "section", "title", "professor", "category", "area", "department", "campus")
        fields = ("semester", *texts, "credit", "capacity", "enrolled", "remark", "is_cancelled")
        field_classes = dict.fromkeys(texts, NameField) | {"semester": SemesterField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("grade_years", self.instance.grade_years)
        if "semester" in self.fields:
            semesters: Any = self.fields["semester"]
            semesters.queryset = semesters.queryset.select_related("school")

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        code, section = fold(found.get("code", "")), fold(found.get("section", ""))
        self.refuse_long("code", code, length_of(Lecture, "code_key"))
        self.refuse_long("section", section, length_of(Lecture, "section_key"))
        self.refuse_long("title", initials(found.get("title", "")), length_of(Lecture, "title_initials"))
        professors = professor_key(found.get("professor", ""))
        self.refuse_long("professor", professors, length_of(Course, "professor_key"))
        semester = found.get("semester") or self.instance.semester_id
        self.refuse_taken("section", semester=semester, code_key=code, section_key=section)
        self.instance.grade_year = grade_year_bits(found.get("grade_years", ()))
        return found


class SemesterFilter(admin.RelatedFieldListFilter):
    """By semester, each with its school."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        semesters = Semester.objects.select_related("school").order_by("school__name_key", "-starts_on")
        return [(semester.pk, f"{semester.school} {semester}") for semester in semesters]


@admin.register(Lecture)
class LectureAdmin(HeldAdmin):
    """Lectures by hand. Who has one in a timetable is told of a change as of one that an import made."""

    form = LectureForm
    inlines = (LectureTimeInline,)
    list_display = (
        "title",
        "code",
        "section",
        "professor",
        "semester",
        "school",
        "saved_count",
        "is_cancelled",
    )
    list_filter = ("is_cancelled", ("semester", SemesterFilter), ("semester__school", SchoolFilter))
    list_select_related = ("semester__school",)
    search_fields = ("search_text",)
    # What follows from the rest, or from what people do.
    derived = ("course", "saved_count", "competition", "created_at")
    ordering = ("-id",)

    @admin.display(description=_("school"), ordering="semester__school__name_key")
    def school(self, lecture: Lecture) -> str:
        return str(lecture.semester.school)

    def get_fields(self, request: HttpRequest, obj: Lecture | None = None) -> tuple[str, ...]:
        fields = (*LectureForm.Meta.fields, "grade_years")
        return fields if obj is None else (*fields, *self.derived)

    def get_readonly_fields(self, request: HttpRequest, obj: Lecture | None = None) -> tuple[str, ...]:
        # The timetables it is in are of the semester.
        return () if obj is None else ("semester", *self.derived)

    def save_model(self, request: HttpRequest, obj: Lecture, form: Any, change: bool) -> None:
        form.before = begin_edit(obj) if change else None
        if not change:
            obj.course = course_of(obj)
            obj.index(())
            obj.save()
            return
        # Only what the form changed: who has it is counted meanwhile.
        changed = {"grade_year" if name == "grade_years" else name for name in form.changed_data}
        obj.save(update_fields=[*changed, "code_key", "section_key", "updated_at"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        finish_edit(form.instance, form.before)
