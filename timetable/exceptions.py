from django.utils.translation import gettext_lazy as _

from api.errors import Conflict, Forbidden


class Clash(Conflict):
    """`meta`: `entries`, each with the `id`, `title` and `times` of an entry in the way."""

    default_code = "clash"
    default_detail = _("This clashes with what is in the timetable already.")


class LectureCancelled(Conflict):
    default_code = "lecture_cancelled"
    default_detail = _("This lecture is cancelled.")


class TooManyTimetables(Conflict):
    default_code = "too_many_timetables"
    default_detail = _("A semester holds at most 20 timetables of yours.")


class TooManyEntries(Conflict):
    default_code = "too_many_entries"
    default_detail = _("A timetable holds at most 60 entries.")


class NotAttended(Forbidden):
    default_code = "not_attended"
    default_detail = _(
        "Only who had a lecture of this course in a timetable of that semester writes about it."
    )


class NotEnoughPoints(Conflict):
    """`meta`: the `balance` one has, and the `price`."""

    default_code = "not_enough_points"
    default_detail = _("You have too few points. Writing reviews and exam notes earns some.")


class NotAsker(Forbidden):
    default_code = "not_asker"
    default_detail = _("Only who sent a friend request takes it back.")


class NotAsked(Forbidden):
    default_code = "not_asked"
    default_detail = _("Only who was asked accepts or declines a friend request.")


class AlreadyFriends(Conflict):
    default_code = "already_friends"
    default_detail = _("You are friends already.")


class YouBlockThem(Conflict):
    default_code = "you_block_them"
    default_detail = _("You block this person. Lift the block first.")


class TooManyFriends(Conflict):
    default_code = "too_many_friends"
    default_detail = _("One of you has 500 friends already.")


class TooManyFriendRequests(Conflict):
    default_code = "too_many_friend_requests"
    default_detail = _("At most 100 friend requests of yours can be open.")


class TooManyInvitations(Conflict):
    default_code = "too_many_invitations"
    default_detail = _("At most 10 invitations of yours can be open.")
