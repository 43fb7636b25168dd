"""What one takes along of one's timetables, and of what one wrote about courses."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from api.exports import Part
from timetable.models import ExamNote, Friendship, Lecture, PointEntry, Review, Timetable
from timetable.serializers.exam_notes import ExamNoteDetailSerializer
from timetable.serializers.friends import FriendRequestSerializer, FriendSerializer
from timetable.serializers.lectures import LectureSerializer
from timetable.serializers.points import PointEntrySerializer
from timetable.serializers.reviews import ReviewSerializer
from timetable.serializers.timetables import TimetableSerializer


def timetables(user: User) -> QuerySet[Timetable]:
    """Those of schools that one has left, too."""
    return Timetable.objects.filter(user=user).with_entries().order_by("pk")


def watched(user: User) -> QuerySet[Lecture]:
    return Lecture.objects.visible_to(user).filter(watches__user=user).for_viewer(user).order_by("pk")


def reviews(user: User) -> QuerySet[Review]:
    return Review.objects.filter(author=user, deleted_at=None).for_viewer(user).order_by("pk")


def liked_reviews(user: User) -> QuerySet[Review]:
    seen = Review.objects.visible_to(user).listed_for(user)
    return seen.filter(likes__user=user).for_viewer(user).order_by("pk")


def notes(user: User) -> QuerySet[ExamNote]:
    return ExamNote.objects.filter(author=user, deleted_at=None).for_viewer(user).order_by("pk")


def opened_notes(user: User) -> QuerySet[ExamNote]:
    seen = ExamNote.objects.visible_to(user).listed_for(user)
    return seen.unlocked_by(user).for_viewer(user).order_by("pk")


def points(user: User) -> QuerySet[PointEntry]:
    return PointEntry.objects.visible_to(user).select_related("course").order_by("pk")


def friendships(user: User) -> Any:
    return Friendship.objects.visible_to(user).with_people().order_by("pk")


PARTS = (
    Part("timetables", timetables, TimetableSerializer),
    Part("watched_lectures", watched, LectureSerializer),
    Part("reviews", reviews, ReviewSerializer),
    Part("liked_reviews", liked_reviews, ReviewSerializer),
    Part("exam_notes", notes, ExamNoteDetailSerializer),
    Part("opened_exam_notes", opened_notes, ExamNoteDetailSerializer),
    Part("points", points, PointEntrySerializer),
    Part("friends", lambda user: friendships(user).accepted(), FriendSerializer),
    Part("friend_requests", lambda user: friendships(user).pending(), FriendRequestSerializer),
)
