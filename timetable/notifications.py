"""The kinds of notification that the catalogue and friends cause: news of the lectures that one watches, and
who asked or became a friend. None is about anything anonymous.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.authors import named_author
from accounts.models import Notification, User
from api.notifications import NotificationKind, Telling
from timetable.models import Friendship, Lecture, LectureChange
from timetable.models.friends import FriendshipQuerySet
from timetable.services.notifications import FRIENDSHIP


def watched_by(user: User) -> QuerySet[Lecture]:
    return Lecture.objects.visible_to(user).filter(watches__user=user)


class LectureKind(NotificationKind):
    """Something about a lecture that one watches."""

    target_kinds = ("lecture",)

    def telling(self, lecture: Lecture, text: str, **values: Any) -> Telling:
        return Telling(text=text % ({"lecture": lecture} | values), where={"lecture": lecture.pk})


class LectureChangedKind(LectureKind):
    """An import, or an operator, changed it. The causes are the ids of the changes."""

    kind = "lecture_changed"
    label = _("changes of lectures I watch")

    def between(self, target: Any, first: Any, last: Any) -> Q:
        return Q(lecture=target, pk__gte=first, pk__lte=last)

    def causes(
        self, user: User, target_kind: str, target: Any, first: Any, last: Any
    ) -> QuerySet[LectureChange]:
        changes = LectureChange.objects.filter(self.between(target, first, last))
        return changes.filter(lecture__in=watched_by(user))

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        ranges = Q(pk__in=())
        for row in rows:
            ranges |= self.between(row.target_id, row.first_cause, row.last_cause)
        fields: dict[int, set[str]] = defaultdict(set)
        for lecture, changed in LectureChange.objects.filter(ranges).values_list("lecture", "fields"):
            fields[lecture] |= set(changed)
        lectures = watched_by(user).in_bulk(list(fields))
        return {
            row.pk: self.sentence(lectures[row.target_id], fields[row.target_id])
            for row in rows
            if row.target_id in lectures
        }

    def sentence(self, lecture: Lecture, fields: set[str]) -> Telling:
        if "is_cancelled" not in fields:
            names = ", ".join(sorted(name_of(field) for field in fields))
            return self.telling(lecture, gettext("%(lecture)s has changed: %(fields)s."), fields=names)
        if lecture.is_cancelled:
            return self.telling(lecture, gettext("%(lecture)s is cancelled."))
        return self.telling(lecture, gettext("%(lecture)s is not cancelled any more."))


class SeatFreeKind(LectureKind):
    """It was full and has a seat, which may be gone again. The causes are the moments of imports."""

    kind = "seat_free"
    label = _("free seats in lectures I watch")

    def free(self, user: User) -> QuerySet[Lecture]:
        return watched_by(user).filter(is_cancelled=False, enrolled__lt=F("capacity"))

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet[Lecture]:
        return self.free(user).filter(pk=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        lectures = self.free(user).in_bulk([row.target_id for row in rows])
        text = gettext("%(lecture)s has a free seat: %(enrolled)d of %(capacity)d are taken.")
        return {
            row.pk: self.telling(lecture, text, enrolled=lecture.enrolled, capacity=lecture.capacity)
            for row in rows
            if (lecture := lectures.get(row.target_id))
        }


def name_of(field: str) -> str:
    """What a field of a lecture is called, in the reader's language."""
    return str(_("times") if field == "times" else Lecture._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


class FriendKind(NotificationKind):
    """About one friendship or request: the target and the only cause."""

    target_kinds = (FRIENDSHIP,)

    def seen_by(self, user: User) -> FriendshipQuerySet:
        raise NotImplementedError

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> FriendshipQuerySet:
        return self.seen_by(user).filter(pk=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        found = self.seen_by(user).with_people().in_bulk([row.target_id for row in rows])
        return {row.pk: self.telling(found[row.target_id], user) for row in rows if row.target_id in found}

    def telling(self, friendship: Friendship, user: User) -> Telling:
        raise NotImplementedError


class FriendRequestKind(FriendKind):
    """Somebody asks to be one's friend, until it is answered or taken back."""

    kind = "friend_request"
    label = _("friend requests")

    def seen_by(self, user: User) -> FriendshipQuerySet:
        return Friendship.objects.visible_to(user).pending().filter(asked=user)

    def telling(self, friendship: Friendship, user: User) -> Telling:
        author = named_author(friendship.asker)
        text = gettext("%(who)s wants to be your friend.") % {"who": author["display_name"]}
        return Telling(text=text, author=author, where={"friend_request": friendship.pk})


class FriendAcceptedKind(FriendKind):
    """Somebody accepted one's request or invitation, while they are friends."""

    kind = "friend_accepted"
    label = _("accepted friend requests")

    def seen_by(self, user: User) -> FriendshipQuerySet:
        return Friendship.objects.visible_to(user).accepted()

    def telling(self, friendship: Friendship, user: User) -> Telling:
        author = named_author(friendship.other(user))
        text = gettext("%(who)s is your friend now.") % {"who": author["display_name"]}
        return Telling(text=text, author=author)


KINDS = (LectureChangedKind(), SeatFreeKind(), FriendRequestKind(), FriendAcceptedKind())
