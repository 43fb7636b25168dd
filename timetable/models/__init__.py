from timetable.models.exam_notes import ExamNote
from timetable.models.friends import FriendInvitation, Friendship
from timetable.models.imports import CatalogueImport
from timetable.models.lectures import Course, Lecture, LectureChange, LectureTime, LectureWatch
from timetable.models.points import PointAccount, PointEntry
from timetable.models.reviews import Review, ReviewLike
from timetable.models.semesters import Semester
from timetable.models.timetables import EntryTime, Timetable, TimetableEntry

__all__ = [
    "CatalogueImport",
    "Course",
    "EntryTime",
    "ExamNote",
    "FriendInvitation",
    "Friendship",
    "Lecture",
    "LectureChange",
    "LectureTime",
    "LectureWatch",
    "PointAccount",
    "PointEntry",
    "Review",
    "ReviewLike",
    "Semester",
    "Timetable",
    "TimetableEntry",
]
