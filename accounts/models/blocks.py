from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, user: Any) -> "BlockQuerySet":
        """One's own."""
        return self.filter(blocker=user)


class Block(TimestampedModel):
    """A block 차단 of one surface, the thing that was seen. One-way: it changes what the blocker sees.

    The surface is a user who was named; or, by `target_kind` and `target_id`, a label (a post, and the
    number of an anonymous author there, 0 for its own) or a conversation. It covers that surface alone: a
    block that covered the person behind a label would tell what else they wrote.
    """

    class Surface(models.TextChoices):
        USER = "user", _("user")
        LABEL = "label", _("label")
        CONVERSATION = "conversation", _("conversation")

    POST, CONVERSATION = "post", "conversation"

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("blocker"), related_name="blocks"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="+", null=True
    )
    target_kind = models.CharField(_("target kind"), max_length=20, blank=True)
    target_id = models.PositiveBigIntegerField(_("target id"), null=True)
    number = models.PositiveIntegerField(_("number"), default=0)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ("-id",)
        constraints = (
            # NULLs differ from each other: each is about its own kind of surface.
            models.UniqueConstraint(fields=("blocker", "user"), name="block_user_unique"),
            models.UniqueConstraint(
                fields=("blocker", "target_kind", "target_id", "number"), name="block_target_unique"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, target_id__isnull=True, target_kind="")
                | Q(user__isnull=True, target_id__isnull=False) & ~Q(target_kind=""),
                name="block_one_surface",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | ~Q(user=F("blocker")), name="block_not_oneself"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def surface(self) -> Surface:
        if self.user_id is not None:
            return self.Surface.USER
        return self.Surface.LABEL if self.target_kind == self.POST else self.Surface.CONVERSATION


def blocks_user(viewer: Any, author: str) -> Exists:
    """Whether `viewer` blocks the user at the path `author`. Only for what names its author."""
    return Exists(Block.objects.filter(blocker=viewer, user=OuterRef(author)))


def blocks_label(viewer: Any, post: Any, number: Any) -> Exists:
    """Whether `viewer` blocks the label `number` in `post`: paths, or expressions of the outer query."""
    return Exists(Block.objects.filter(blocker=viewer, target_kind=Block.POST, target_id=post, number=number))


def blocks_conversation(viewer: Any, conversation: str) -> Exists:
    """Whether `viewer` blocks the conversation whose id is at the path `conversation`."""
    return Exists(
        Block.objects.filter(blocker=viewer, target_kind=Block.CONVERSATION, target_id=OuterRef(conversation))
    )
