"""What reviews and exam notes have in common: written about a course of a school, and never under a name."""

from typing import Any, TypeVar

from django.db.models import Model, Q

from accounts.models import User
from api.walks import IdList, WalkedQuerySet

M = TypeVar("M", bound=Model)


class CourseWritingQuerySet(WalkedQuerySet[M]):
    def visible_to(self, user: User) -> Any:
        """Those of one's school that are not deleted; of the hidden ones one's own, and, to decide, all."""
        living = self.filter(deleted_at=None)
        if user.is_staff:
            return living
        ours = living.filter(school=user.school_id)
        return ours if user.is_moderator else ours.filter(Q(hidden_at=None) | Q(author=user))

    def listed_for(self, user: User) -> Any:
        """Of what is visible, what belongs in lists: nothing hidden but one's own."""
        return self.filter(Q(hidden_at=None) | Q(author=user))

    def written_by(self, user: User) -> Any:
        own = self.model._default_manager.filter(author=user)
        return self.filter(author=user).standing_in(IdList(own, "id"))
