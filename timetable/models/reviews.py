from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from accounts.models.writing import Writing, decision_on
from api.models import TimestampedModel
from timetable.models.attendance import with_savers
from timetable.models.lectures import Course
from timetable.models.semesters import Semester
from timetable.models.writing import CourseWritingQuerySet

MIN_CONTENT, MAX_CONTENT = 20, 2_000
MIN_RATING, MAX_RATING = 1, 5
MAX_EXAMS = 4


class ReviewQuerySet(CourseWritingQuerySet["Review"]):
    def counted(self) -> "ReviewQuerySet":
        """Those that a course's summary counts: neither deleted nor hidden."""
        return self.filter(deleted_at=None, hidden_at=None)

    def for_viewer(self, user: User) -> "ReviewQuerySet":
        """With what a payload needs: course, semester, its case, and the viewer's own like."""
        likes = ReviewLike.objects.filter(review=OuterRef("pk"), user=user)
        return self.select_related("course", "semester").annotate(
            is_liked=Exists(likes), **decision_on("review"), **with_savers()
        )


class Review(Writing):
    """What somebody says of a course 강의평 they had in a semester: always without a name, once a semester.

    Course and semester never change. A deleted row stays for the cases that name it, and makes room for
    another one.
    """

    class Amount(models.TextChoices):
        NONE = "none", _("none")
        SOME = "some", _("some")
        LOTS = "lots", _("lots")

    class Grading(models.TextChoices):
        GENEROUS = "generous", _("generous")
        NORMAL = "normal", _("normal")
        STRICT = "strict", _("strict")

    class Attendance(models.TextChoices):
        NONE = "none", _("not checked")
        CALLING = "calling", _("names are called")
        SEATS = "seats", _("assigned seats")
        ELECTRONIC = "electronic", _("electronic")
        MIXED = "mixed", _("in several ways")

    # The course's school, copied: a school's list is then one index walk.
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"), related_name="reviews")
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="reviews")
    semester = models.ForeignKey(Semester, models.PROTECT, verbose_name=_("semester"), related_name="reviews")
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(MIN_RATING), MaxValueValidator(MAX_RATING)]
    )
    homework = models.CharField(_("homework"), max_length=10, choices=Amount.choices)
    teamwork = models.CharField(_("teamwork"), max_length=10, choices=Amount.choices)
    grading = models.CharField(_("grading"), max_length=10, choices=Grading.choices)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance.choices)
    exams = models.PositiveSmallIntegerField(_("number of exams"), validators=[MaxValueValidator(MAX_EXAMS)])
    content = models.TextField(_("content"), max_length=MAX_CONTENT)
    like_count = models.PositiveIntegerField(_("likes"), default=0)
    # True, or NULL once it is deleted: NULLs differ from each other, so there is one True at most.
    living = models.BooleanField(null=True, default=True, editable=False)
    likers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="timetable.ReviewLike", related_name="liked_reviews"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("course", "id")),
            models.Index(fields=("course", "like_count", "id")),
            models.Index(fields=("school", "id")),
            models.Index(fields=("school", "like_count", "id")),
            models.Index(fields=("author", "id")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("course", "author", "semester", "living"), name="review_once_a_semester"
            ),
            models.CheckConstraint(
                condition=Q(living=True, deleted_at=None) | Q(living=None, deleted_at__isnull=False),
                name="review_living_unless_deleted",
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=MIN_RATING, rating__lte=MAX_RATING), name="review_rating"
            ),
            models.CheckConstraint(condition=Q(exams__lte=MAX_EXAMS), name="review_exams"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class ReviewLike(TimestampedModel):
    """A like 공감. It stays when who gave it withdraws, and goes when the review is edited."""

    review = models.ForeignKey(Review, models.CASCADE, verbose_name=_("review"), related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("user"),
        related_name="review_likes",
        null=True,
    )

    class Meta:
        verbose_name = _("review like")
        verbose_name_plural = _("review likes")
        constraints = (models.UniqueConstraint(fields=("review", "user"), name="review_like_unique"),)

    def __str__(self) -> str:
        return str(self.pk)
