from timetable.models.imports import CatalogueImport
from timetable.models.lectures import Course, Lecture, LectureChange, LectureTime, LectureWatch
from timetable.models.semesters import Semester
from timetable.models.timetables import EntryTime, Timetable, TimetableEntry

__all__ = [
    "CatalogueImport",
    "Course",
    "EntryTime",
    "Lecture",
    "LectureChange",
    "LectureTime",
    "LectureWatch",
    "Semester",
    "Timetable",
    "TimetableEntry",
]
