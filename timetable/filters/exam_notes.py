from typing import Any

import django_filters
from django.db.models import QuerySet

from accounts.models import School
from api.filters import BooleanFilter, FilterSet, VisibleFilter
from timetable.models import Course, ExamNote, Semester


class ExamNoteFilterSet(FilterSet):
    school = VisibleFilter(visible=School.objects.own, label="The school; for staff, others have one.")
    course = VisibleFilter(visible=Course.objects.visible_to, label="The course.")
    semester = VisibleFilter(
        visible=Semester.objects.visible_to,
        method="of_semester",
        label="The semester. Notes that do not show theirs are in none.",
    )
    kind = django_filters.ChoiceFilter(choices=ExamNote.Kind.choices, label="The kind of exam.")
    mine = BooleanFilter(method="written_by_me", label="Notes one wrote, or all others.")
    unlocked = BooleanFilter(method="unlocked_by_me", label="Notes one paid for, or all others.")

    def of_semester(self, notes: Any, name: str, semester: Semester) -> QuerySet:
        return notes.showing_semester_to(self.request.user).filter(semester=semester)

    def written_by_me(self, notes: Any, name: str, wanted: bool) -> QuerySet:
        user = self.request.user
        return notes.written_by(user) if wanted else notes.exclude(author=user)

    def unlocked_by_me(self, notes: Any, name: str, wanted: bool) -> QuerySet:
        return notes.unlocked_by(self.request.user) if wanted else notes.filter(is_paid=False)
