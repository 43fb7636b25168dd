from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.models import TimestampedModel

MAX_DISPLAY_NAME = 20
INVITATION_LASTS = timedelta(days=14)


def pair_key(one: UUID, other: UUID) -> str:
    """The same for two people whichever way round."""
    return "".join(sorted((one.hex, other.hex)))


def mates(user: User) -> "models.QuerySet[User]":
    """The living users of one's own school: with others nobody is friends, nor is who has no school."""
    return User.objects.filter(school__isnull=False, school=user.school_id, is_active=True)


class Direction(models.TextChoices):
    """Whose a friend request is, to one of the two."""

    RECEIVED = "received", _("received")
    SENT = "sent", _("sent")


class FriendshipQuerySet(models.QuerySet["Friendship"]):
    def visible_to(self, user: User) -> "FriendshipQuerySet":
        """One's own friends and requests, but what was dropped; while both are of one school and active."""
        both_here = Q(asker__school=F("asked__school"), asker__is_active=True, asked__is_active=True)
        return self.between_any(user).filter(both_here).exclude(dropped_for=user)

    def between_any(self, user: User) -> "FriendshipQuerySet":
        """All between `user` and anybody."""
        return self.filter(Q(asker=user) | Q(asked=user))

    def between(self, one: UUID, other: UUID) -> "FriendshipQuerySet":
        return self.filter(pair_key=pair_key(one, other))

    def accepted(self) -> "FriendshipQuerySet":
        return self.filter(accepted_at__isnull=False)

    def pending(self) -> "FriendshipQuerySet":
        return self.filter(accepted_at=None)

    def with_people(self) -> "FriendshipQuerySet":
        return self.select_related("asker__school", "asked__school")


class Friendship(TimestampedModel):
    """Two people: a request 친구 요청 until `accepted_at`, friends 친구 from then on.

    There is one row a pair, whichever way round. What one does into the other's block is accepted like
    anything else, and `dropped_for` the other, who never sees it. A display name is what one side calls the
    other, and for its own eyes.
    """

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("who asked"), related_name="+"
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("who was asked"), related_name="+"
    )
    pair_key = models.CharField(max_length=64, unique=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    dropped_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, editable=False
    )
    asker_calls = models.CharField(_("display name"), max_length=MAX_DISPLAY_NAME, blank=True)
    asked_calls = models.CharField(_("display name"), max_length=MAX_DISPLAY_NAME, blank=True)

    objects = FriendshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("friendship")
        verbose_name_plural = _("friendships")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(asker=F("asked")), name="friendship_of_two"),)

    def __str__(self) -> str:
        return str(self.pk)

    def other(self, user: User) -> User:
        """Whom `user`, one of the two, is or may become friends with."""
        return self.asked if self.asker_id == user.pk else self.asker

    def side(self, user: User) -> str:
        return "asker" if self.asker_id == user.pk else "asked"

    def direction(self, user: User) -> Direction:
        return Direction.SENT if self.asker_id == user.pk else Direction.RECEIVED

    def display_name(self, user: User) -> str:
        """What `user` calls the other: the nickname, until they choose something else."""
        return getattr(self, f"{self.side(user)}_calls") or self.other(user).nickname


class FriendInvitationQuerySet(models.QuerySet["FriendInvitation"]):
    def visible_to(self, user: User) -> "FriendInvitationQuerySet":
        """One's own that can be used still."""
        return self.living().filter(user=user)

    def living(self, now: datetime | None = None) -> "FriendInvitationQuerySet":
        return self.filter(created_at__gt=(now or timezone.now()) - INVITATION_LASTS)

    def usable_by(self, user: User) -> "FriendInvitationQuerySet":
        """Those of one's school, oneself included."""
        return self.living().filter(user__in=mates(user))


class FriendInvitation(TimestampedModel):
    """A link by which people of the same school become one's friends, for 14 days.

    The token is told once and kept as a hash: who reads the table makes no friends.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="friend_invitations"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    objects = FriendInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("friend invitation")
        verbose_name_plural = _("friend invitations")
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + INVITATION_LASTS
