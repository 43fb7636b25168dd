from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from api.fields import FoldedKeyField
from api.models import TimestampedModel
from api.text import fold
from timetable.models.semesters import Semester
from timetable.text import initials, professor_names
from timetable.times import DAY, MAX_WEEKS, MEETING_FIELDS, Meets, clock

# Years of study that the bits of `Lecture.grade_year` stand for.
GRADE_YEARS = range(1, 7)


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User) -> "CourseQuerySet":
        """The courses of one's school; all for staff."""
        return self.filter(school__in=School.objects.own(user))


class Course(TimestampedModel):
    """A course 교과목 as one professor, or several together, teach it: what reviews belong to.

    `professor_key` is the same however their names are spelt and ordered, and '' while nobody is named.
    """

    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="courses")
    code = models.CharField(_("code"), max_length=30)
    code_key = FoldedKeyField(source="code", max_length=100)
    title = models.CharField(_("title"), max_length=200)
    professor = models.CharField(_("professor"), max_length=200, blank=True)
    professor_key = FoldedKeyField(source="professor_names", max_length=500)
    search_text = models.TextField(editable=False)
    title_initials = models.CharField(max_length=200, editable=False)
    # The average of its reviews in hundredths, 100 to 500; 0 while there are none.
    rating = models.PositiveSmallIntegerField(_("rating"), default=0, editable=False)
    # What its reviews say together: see `timetable.summaries`.
    review_counts = models.JSONField(_("answers of reviews"), default=dict, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("school", "code_key", "professor_key"), name="course_unique"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.professor})" if self.professor else self.title

    @property
    def professor_names(self) -> str:
        return professor_key(self.professor)

    def index(self) -> None:
        """Set what search reads. To be called before a save that changes a text."""
        self.search_text = "\n".join(map(fold, (self.title, self.professor, self.code)))
        self.title_initials = initials(self.title)


def professor_key(professor: str) -> str:
    """Folded names, sorted and joined, so that `김민준, 이서연` is `이서연/김민준`."""
    return ",".join(sorted(fold(name) for name in professor_names(professor)))


class LectureQuerySet(models.QuerySet["Lecture"]):
    def visible_to(self, user: User) -> "LectureQuerySet":
        """The lectures of one's school; all for staff."""
        return self.filter(semester__in=Semester.objects.visible_to(user))

    def for_viewer(self, user: User) -> "LectureQuerySet":
        """With what a payload needs: times, the course's rating, and whether the viewer watches it.

        Without what only searching needs: a list that has to be sorted sorts twice as fast.
        """
        watches = LectureWatch.objects.filter(lecture=OuterRef("pk"), user=user)
        return (
            self.defer("search_text", "title_initials", "code_key", "section_key")
            .prefetch_related("times")
            .annotate(is_watched=Exists(watches), rating=F("course__rating"))
        )


class Lecture(TimestampedModel):
    """A lecture 강의: a section 분반 of a course in one semester, as the catalogue has it.

    `grade_year` has a bit for each year of study it is meant for: 1 << year. 0 says nothing.
    `saved_count` 담은 인원 counts people who have it in a timetable, however many timetables.
    `enrolled` is what the catalogue says, for whoever publishes it.
    """

    semester = models.ForeignKey(
        Semester, models.PROTECT, verbose_name=_("semester"), related_name="lectures"
    )
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="lectures")
    code = models.CharField(_("code"), max_length=30)
    code_key = FoldedKeyField(source="code", max_length=100)
    section = models.CharField(_("section"), max_length=10, blank=True)
    section_key = FoldedKeyField(source="section", max_length=50)
    title = models.CharField(_("title"), max_length=200)
    professor = models.CharField(_("professor"), max_length=200, blank=True)
    category = models.CharField(_("category"), max_length=50, blank=True)
    area = models.CharField(_("area"), max_length=50, blank=True)
    department = models.CharField(_("department"), max_length=100, blank=True)
    grade_year = models.PositiveSmallIntegerField(_("year of study"), default=0)
    credit = models.DecimalField(_("credit"), max_digits=4, decimal_places=1)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    enrolled = models.PositiveIntegerField(_("enrolled"), null=True, blank=True)
    campus = models.CharField(_("campus"), max_length=50, blank=True)
    remark = models.TextField(_("remark"), max_length=1_000, blank=True)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    saved_count = models.PositiveIntegerField(_("saved by"), default=0, editable=False)
    # 경쟁률: people a thousand seats; -1 where the catalogue gives no seats, so that these come last.
    competition = models.GeneratedField(
        expression=Case(
            When(capacity__gt=0, then=F("saved_count") * 1000 / F("capacity")), default=Value(-1)
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    search_text = models.TextField(editable=False)
    title_initials = models.CharField(max_length=200, editable=False)
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="timetable.LectureWatch", related_name="watched_lectures"
    )

    objects = LectureQuerySet.as_manager()

    class Meta:
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("semester", "code_key", "section_key"), name="lecture_unique"),
        )
        indexes = (
            models.Index(fields=("semester", "title", "id")),
            models.Index(fields=("semester", "saved_count", "id")),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.code}-{self.section})" if self.section else f"{self.title} ({self.code})"

    @property
    def grade_years(self) -> list[int]:
        return [year for year in GRADE_YEARS if self.grade_year >> year & 1]

    def index(self, places: Iterable[str]) -> None:
        """Set what search reads. To be called before a save that changes a text or the places."""
        texts = (self.title, self.professor, self.code, *sorted(set(places)))
        self.search_text = "\n".join(map(fold, texts))
        self.title_initials = initials(self.title)


def grade_year_bits(years: Iterable[int]) -> int:
    """The bits of some years of study. Raises ValueError for a year that nobody studies in."""
    bits = 0
    for year in years:
        if year not in GRADE_YEARS:
            raise ValueError(year)
        bits |= 1 << year
    return bits


class WeeklyTime(TimestampedModel):
    """A time of the week, with the fields of `timetable.times.Meeting`."""

    weekday = models.PositiveSmallIntegerField(_("weekday"))
    start = models.PositiveSmallIntegerField(_("start"))
    end = models.PositiveSmallIntegerField(_("end"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    first_week = models.PositiveSmallIntegerField(_("first week"), null=True, blank=True)
    last_week = models.PositiveSmallIntegerField(_("last week"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("weekday", "start", "end", "id")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="%(class)s_weekday"),
            models.CheckConstraint(condition=Q(start__lt=F("end"), end__lte=DAY), name="%(class)s_minutes"),
            models.CheckConstraint(
                condition=Q(first_week=None, last_week=None)
                | Q(first_week__gte=1, first_week__lte=F("last_week"), last_week__lte=MAX_WEEKS),
                name="%(class)s_weeks",
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {clock(self.start)}-{clock(self.end)}"


class LectureTime(WeeklyTime):
    """A time at which a lecture meets. They may repeat and overlap: so catalogues have them."""

    lecture = models.ForeignKey(Lecture, models.CASCADE, verbose_name=_("lecture"), related_name="times")

    class Meta(WeeklyTime.Meta):
        verbose_name = _("lecture time")
        verbose_name_plural = _("lecture times")


class LectureChange(TimestampedModel):
    """What an import changed about a lecture: `{field: [before, after]}`, as the API has the fields.

    Only what matters to who attends; see `services.catalogue`. Times are lists of `{weekday, start, end, …}`.
    """

    lecture = models.ForeignKey(Lecture, models.CASCADE, verbose_name=_("lecture"), related_name="changes")
    fields = models.JSONField(_("fields"))

    class Meta:
        verbose_name = _("change of a lecture")
        verbose_name_plural = _("changes of lectures")
        ordering = ("id",)

    def __str__(self) -> str:
        return ", ".join(self.fields)


class LectureWatch(TimestampedModel):
    """A lecture about whose changes somebody wants to know."""

    lecture = models.ForeignKey(Lecture, models.CASCADE, verbose_name=_("lecture"), related_name="watches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="lecture_watches"
    )

    class Meta:
        verbose_name = _("watched lecture")
        verbose_name_plural = _("watched lectures")
        constraints = (models.UniqueConstraint(fields=("lecture", "user"), name="lecture_watch_unique"),)

    def __str__(self) -> str:
        return str(self.pk)


def meeting_fields(time: Meets) -> dict[str, object]:
    """A time as payloads and changes have it."""
    return {name: getattr(time, name) for name in MEETING_FIELDS}
