import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.models import TimestampedModel
from board.models.content import visible_content

MAX_PER_POST = 20


class PostMediaQuerySet(models.QuerySet["PostMedia"]):
    def visible_to(self, user: User) -> "PostMediaQuerySet":
        """What a user uploaded and still sees the post of, if it has one. Readers see it in the post."""
        return self.filter(Q(post=None) | visible_content(user, post="post__"), uploader=user)


class PostMedia(TimestampedModel):
    """A picture: of a post, or uploaded for one that is still to be written.

    `image` and `thumbnail` are random names in the storage. Who uploaded what stands in an anonymous post is
    who wrote it: `uploader` goes into no answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(
        "board.Post", models.CASCADE, verbose_name=_("post"), related_name="media", null=True, editable=False
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="media", null=True, editable=False
    )
    # Indexed for the sweep, which looks for the rows of files.
    image = models.FileField(_("picture"), db_index=True)
    thumbnail = models.FileField(_("thumbnail"), db_index=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("bytes"))
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PostMediaQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a post")
        verbose_name_plural = _("pictures of posts")
        ordering = ("position", "pk")
        indexes = (models.Index(fields=("post", "position")),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def files(self) -> tuple[str, str]:
        return self.image.name, self.thumbnail.name


def first_thumbnail() -> Case:
    """Of a post with pictures, the name of the first one's thumbnail; else NULL, without looking for one."""
    media = PostMedia.objects.filter(post=OuterRef("pk")).order_by("position", "pk")
    first = Subquery(media.values("thumbnail")[:1])
    return Case(When(media_count__gt=0, then=first), output_field=models.CharField())
