from rest_framework.routers import DefaultRouter

from timetable.views.courses import CourseViewSet
from timetable.views.entries import TimetableEntryViewSet
from timetable.views.exam_notes import ExamNoteViewSet
from timetable.views.friend_requests import FriendInvitationViewSet, FriendRequestViewSet
from timetable.views.friends import FriendTimetableViewSet, FriendViewSet
from timetable.views.generation import TimetableGenerateViewSet
from timetable.views.grades import GradeViewSet
from timetable.views.lectures import LectureViewSet
from timetable.views.points import PointViewSet
from timetable.views.reviews import ReviewViewSet
from timetable.views.semesters import SemesterViewSet
from timetable.views.shared import SharedTimetableViewSet
from timetable.views.timetables import TimetableViewSet

router = DefaultRouter(use_regex_path=False)
router.register("semesters", SemesterViewSet, basename="semester")
router.register("courses", CourseViewSet, basename="course")
router.register("lectures", LectureViewSet, basename="lecture")
router.register("timetables/generate", TimetableGenerateViewSet, basename="timetable-generate")
router.register("timetables", TimetableViewSet, basename="timetable")
router.register("timetables/<int:timetable_id>/entries", TimetableEntryViewSet, basename="timetable-entry")
router.register("shared-timetables", SharedTimetableViewSet, basename="shared-timetable")
router.register("grades", GradeViewSet, basename="grade")
router.register("reviews", ReviewViewSet, basename="review")
router.register("exam-notes", ExamNoteViewSet, basename="exam-note")
router.register("points", PointViewSet, basename="point")
router.register("friends", FriendViewSet, basename="friend")
router.register("friends/<uuid:user_id>/timetables", FriendTimetableViewSet, basename="friend-timetable")
router.register("friend-requests", FriendRequestViewSet, basename="friend-request")
router.register("friend-invitations", FriendInvitationViewSet, basename="friend-invitation")
