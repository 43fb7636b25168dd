"""The courses to which an import's lectures belong."""

from collections.abc import Iterable

from timetable.catalogue.rows import LectureRow
from timetable.models import Course, Lecture, Semester
from timetable.services.catalogue.bulk import BATCH, update_rows

Key = tuple[str, str]


def ensure_courses(semester: Semester, rows: Iterable[LectureRow]) -> dict[Key, int]:
    """The id of the course of each row, made where it is missing."""
    wanted: dict[Key, LectureRow] = {}
    for row in rows:
        wanted.setdefault(row.course_key, row)
    courses = Course.objects.filter(school=semester.school)
    known = {(course.code_key, course.professor_key): course for course in courses}
    # In one order, so that two imports of a school's semesters wait for each other and never in a circle;
    # what the other made meanwhile is there already.
    missing = [course_of(semester, wanted[key]) for key in sorted(wanted.keys() - known.keys())]
    Course.objects.bulk_create(missing, batch_size=BATCH, ignore_conflicts=True)
    rename(semester, [(known[key], row) for key, row in wanted.items() if key in known])
    keys = courses.values_list("pk", "code_key", "professor_key")
    return {(code, professor): pk for pk, code, professor in keys}


def course_of(semester: Semester, row: LectureRow) -> Course:
    course = Course(school=semester.school, code=row.code, title=row.title, professor=row.professor)
    course.index()
    return course


def rename(semester: Semester, pairs: list[tuple[Course, LectureRow]]) -> None:
    """Give courses the titles of their first rows, unless a later semester has them under its own."""
    renamed = [(course, row.title) for course, row in pairs if course.title != row.title]
    later = Lecture.objects.filter(
        course__in=[course.pk for course, _title in renamed], semester__starts_on__gt=semester.starts_on
    )
    taught_later = set(later.values_list("course", flat=True)) if renamed else set()
    stale = [(course, title) for course, title in renamed if course.pk not in taught_later]
    for course, title in stale:
        course.title = title
        course.index()
    update_rows([course for course, _title in stale], ("title", "search_text", "title_initials"))
