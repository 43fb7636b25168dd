from django.utils.translation import gettext_lazy as _

from accounts import exceptions
from api.errors import Conflict, Forbidden


class NotManager(Forbidden):
    default_code = "not_manager"
    default_detail = _("Only the board's manager can do this.")


class NotModerator(exceptions.NotModerator):
    default_detail = _("Only the board's manager and the school's moderators can do this.")


class NoSchool(Forbidden):
    default_code = "no_school"
    default_detail = _("A board belongs to a school, and you have none.")


class QuestionAnswered(Conflict):
    default_code = "question_answered"
    default_detail = _("A question that others have answered can't be changed or deleted.")


class BoardActive(Conflict):
    """`meta`: `until`, when the board can be deleted if nobody posts before."""

    default_code = "board_active"
    default_detail = _("A board can be deleted after 14 days without a post.")


class AnonymityLocked(Conflict):
    default_code = "anonymity_locked"
    default_detail = _("A board that people have written on can't begin to name them.")


class NoticeNotAllowed(Conflict):
    default_code = "notice_not_allowed"
    default_detail = _("Only a post of this board that shows its author's name can be the notice.")


class NoOffer(Conflict):
    """None at all, or to someone else: which, is told to nobody."""

    default_code = "no_offer"
    default_detail = _("This board is not offered to you.")


class TooManyPins(Conflict):
    default_code = "too_many_pins"
    default_detail = _("At most 100 boards can be pinned.")
