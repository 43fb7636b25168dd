from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.fields import FoldedKeyField
from api.models import TimestampedModel
from api.text import validate_visible
from timetable.grades import GRADES
from timetable.models.friends import Friendship
from timetable.models.lectures import Lecture, WeeklyTime
from timetable.models.semesters import Semester


class TimetableQuerySet(models.QuerySet["Timetable"]):
    def visible_to(self, user: User) -> "TimetableQuerySet":
        """One's own, of the school one belongs to now."""
        return self.filter(user=user, semester__in=Semester.objects.visible_to(user))

    def shown_by(self, friendships: Iterable[Friendship], viewer: User) -> "TimetableQuerySet":
        """What these friends let `viewer` see: all that is not private, of the school one belongs to now.

        Nothing of somebody for whom the friendship was dropped. That one is asked for all the same: the
        number of queries must not tell.
        """
        friends = [friendship.other(viewer).pk for friendship in friendships]
        dropped = Friendship.objects.between_any(viewer).filter(dropped_for=OuterRef("user"))
        return self.filter(
            ~Exists(dropped),
            user__in=friends,
            visibility__in=(Timetable.Visibility.FRIENDS, Timetable.Visibility.PUBLIC),
            semester__in=Semester.objects.visible_to(viewer),
        )

    def shared(self) -> "TimetableQuerySet":
        """Those that a link shows to whoever has it.

        Not of somebody who has left the school or may not sign in: they could not take the link back.
        """
        stays = Q(user__is_staff=True) | Q(user__school=F("semester__school"))
        return self.filter(stays, share_token__isnull=False, user__is_active=True)

    def with_entries(self) -> "TimetableQuerySet":
        """With what a payload needs: the semester, and entries with their times and lectures."""
        entries = TimetableEntry.objects.with_times().order_by("id")
        return self.select_related("semester").prefetch_related(Prefetch("entries", entries))


class Timetable(TimestampedModel):
    """A timetable 시간표. Its name is unique a user and semester, and one of them is the primary one."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("private")
        FRIENDS = "friends", _("friends")
        PUBLIC = "public", _("public")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="timetables"
    )
    semester = models.ForeignKey(
        Semester, models.PROTECT, verbose_name=_("semester"), related_name="timetables"
    )
    name = models.CharField(_("name"), max_length=30, validators=[validate_visible])
    # A compatibility form folds into up to 15 letters.
    name_key = FoldedKeyField(source="name", max_length=450)
    # True or NULL: NULLs differ from each other, so there is one True at most.
    primary = models.BooleanField(_("primary"), null=True, editable=False)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    theme = models.CharField(
        _("theme"),
        max_length=20,
        default="classic",
        validators=[RegexValidator(r"^[a-z0-9-]{1,20}\Z", _("Use small letters a-z, digits and hyphens."))],
    )
    share_token = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = TimetableQuerySet.as_manager()

    class Meta:
        verbose_name = _("timetable")
        verbose_name_plural = _("timetables")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("user", "semester", "name_key"), name="timetable_name_unique"),
            models.UniqueConstraint(fields=("user", "semester", "primary"), name="timetable_primary_unique"),
            models.CheckConstraint(
                condition=Q(primary=True) | Q(primary=None), name="timetable_primary_true_or_null"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_primary(self) -> bool:
        return bool(self.primary)

    @property
    def total_credit(self) -> Decimal:
        """The credits of its lectures but the cancelled ones."""
        entries = self.entries.all()
        return sum(
            (entry.lecture.credit for entry in entries if entry.lecture and entry.takes_place), Decimal()
        )


class TimetableEntryQuerySet(models.QuerySet["TimetableEntry"]):
    def visible_to(self, user: User) -> "TimetableEntryQuerySet":
        """What is in one's own timetables."""
        return self.filter(timetable__in=Timetable.objects.visible_to(user))

    def graded(self) -> "TimetableEntryQuerySet":
        """Those whose grade counts: of primary timetables, but cancelled lectures."""
        return self.filter(timetable__primary=True, lecture__is_cancelled=False).exclude(grade="")

    def with_times(self) -> "TimetableEntryQuerySet":
        """With the lecture, its times and changes, or one's own times."""
        return self.select_related("lecture__semester", "lecture__course").prefetch_related(
            "own_times", "lecture__times", "lecture__changes"
        )


class TimetableEntry(TimestampedModel):
    """One thing in a timetable: a lecture, or something of one's own with a title and times.

    `colour` is `#rrggbb`, or '' for the theme's choice. What the catalogue changed after `changes_seen_at`
    is news to the owner. The `grade` is seen by the owner alone; '' while there is none.
    """

    timetable = models.ForeignKey(
        Timetable, models.CASCADE, verbose_name=_("timetable"), related_name="entries"
    )
    lecture = models.ForeignKey(
        Lecture, models.PROTECT, verbose_name=_("lecture"), related_name="entries", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=50, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    memo = models.TextField(_("memo"), max_length=1_000, blank=True)
    grade = models.CharField(
        _("grade"), max_length=2, choices=[(grade, grade) for grade in GRADES], db_default="", blank=True
    )
    is_major = models.BooleanField(_("major"), db_default=False)
    changes_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TimetableEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("timetable entry")
        verbose_name_plural = _("timetable entries")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("timetable", "lecture"), name="entry_lecture_unique"),
            models.CheckConstraint(
                condition=Q(lecture__isnull=False, title="") | (Q(lecture=None) & ~Q(title="")),
                name="entry_lecture_or_title",
            ),
            models.CheckConstraint(
                condition=Q(lecture__isnull=False) | Q(grade="", is_major=False),
                name="entry_grade_of_lecture",
            ),
        )

    def __str__(self) -> str:
        return str(self.lecture) if self.lecture else self.title

    @property
    def display_title(self) -> str:
        """The lecture's title, or one's own."""
        return self.lecture.title if self.lecture else self.title

    @property
    def times(self) -> list[WeeklyTime]:
        """When it meets, in the order of the week."""
        times = self.lecture.times if self.lecture else self.own_times
        return list(times.all())

    @property
    def takes_place(self) -> bool:
        """Whether it fills its times: a cancelled lecture stays, but clashes with nothing."""
        return self.lecture is None or not self.lecture.is_cancelled


class EntryTime(WeeklyTime):
    """A time of an entry of one's own."""

    entry = models.ForeignKey(
        TimetableEntry, models.CASCADE, verbose_name=_("entry"), related_name="own_times"
    )

    class Meta(WeeklyTime.Meta):
        verbose_name = _("entry time")
        verbose_name_plural = _("entry times")
