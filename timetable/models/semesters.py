from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import BooleanField, Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from api.models import TimestampedModel
from timetable.times import MAX_WEEKS

FIRST_YEAR, LAST_YEAR = 2000, 2100


class SemesterQuerySet(models.QuerySet["Semester"]):
    def visible_to(self, user: User) -> "SemesterQuerySet":
        """The semesters of one's school; all for staff."""
        return self.filter(school__in=School.objects.own(user))

    def with_current(self) -> "SemesterQuerySet":
        """With `is_current`: the last of its school that has begun, or the first where none has."""
        siblings = Semester.objects.filter(school=OuterRef("school")).order_by()
        begun = siblings.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on", "-id")
        current = Coalesce(
            Subquery(begun.values("pk")[:1]), Subquery(siblings.order_by("starts_on", "id").values("pk")[:1])
        )
        return self.annotate(
            is_current=Case(When(pk=current, then=Value(True)), default=False, output_field=BooleanField())
        )


class Semester(TimestampedModel):
    """A semester 학기 of a school, written `2025-2`. Week 1 is the week, from Monday, of `starts_on`."""

    class Term(models.TextChoices):
        FIRST = "1", _("first semester")
        SUMMER = "summer", _("summer session")
        SECOND = "2", _("second semester")
        WINTER = "winter", _("winter session")

    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="semesters")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    term = models.CharField(_("term"), max_length=10, choices=Term.choices)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    objects = SemesterQuerySet.as_manager()

    class Meta:
        verbose_name = _("semester")
        verbose_name_plural = _("semesters")
        ordering = ("-starts_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("school", "year", "term"), name="semester_unique"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="semester_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse days of no semester that can be, and a semester too long to count its weeks."""
        if self.starts_on and self.starts_on.year not in range(FIRST_YEAR, LAST_YEAR + 2):
            raise ValidationError({"starts_on": _("There is no semester at that time.")})
        if self.starts_on and self.ends_on and self.weeks > MAX_WEEKS:
            raise ValidationError({"ends_on": _("A semester can't be longer than a year.")})

    @property
    def name(self) -> str:
        return f"{self.year}-{self.term}"

    @property
    def first_monday(self) -> date:
        """The Monday of week 1, which may lie before `starts_on`."""
        return self.starts_on - timedelta(days=self.starts_on.weekday())

    @property
    def weeks(self) -> int:
        """How many weeks there are, the first and the last however short."""
        return (self.ends_on - self.first_monday).days // 7 + 1


def parse_name(name: str) -> dict[str, Any]:
    """`2025-2` as the fields it stands for. Raises ValueError for anything else."""
    year, _dash, term = name.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit() and term in Semester.Term.values):
        raise ValueError(name)
    return {"year": int(year), "term": term}
