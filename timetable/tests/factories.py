from datetime import date
from typing import Any

import factory

from accounts.tests.factories import SchoolFactory, UserFactory
from timetable.models import Course, Lecture, LectureTime, Semester, Timetable
from timetable.models.lectures import meeting_fields
from timetable.times import Meeting


class SemesterFactory(factory.django.DjangoModelFactory):
    """2025-2: 1 September 2025, a Monday, to 19 December: 16 weeks."""

    class Meta:
        model = Semester

    school = factory.SubFactory(SchoolFactory)
    year = 2025
    term = "2"
    starts_on = date(2025, 9, 1)
    ends_on = date(2025, 12, 19)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    school = factory.SubFactory(SchoolFactory)
    code = factory.Sequence(lambda n: f"CSE{n:04}")
    title = factory.Sequence(lambda n: f"자료구조 {n}")
    professor = "김민준"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Course:
        course = model_class(*args, **kwargs)
        course.index()
        course.save()
        return course


class TimetableFactory(factory.django.DjangoModelFactory):
    """A timetable that is not the primary one."""

    class Meta:
        model = Timetable

    semester = factory.SubFactory(SemesterFactory)
    user = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..semester.school"))
    name = factory.Sequence(lambda n: f"시간표 {n}")


def make_lecture(semester: Semester, *meetings: Meeting, **fields: Any) -> Lecture:
    """A lecture that meets at these times, and its course."""
    shared = {name: fields[name] for name in ("code", "title", "professor") if name in fields}
    course = fields.pop("course", None) or CourseFactory(school=semester.school, **shared)
    own = {name: getattr(course, name) for name in ("code", "title", "professor")}
    lecture = Lecture(semester=semester, course=course, **own | {"section": "1", "credit": 3} | fields)
    lecture.index(meeting.place for meeting in meetings)
    lecture.save()
    LectureTime.objects.bulk_create(
        LectureTime(lecture=lecture, **meeting_fields(meeting)) for meeting in meetings
    )
    return lecture
