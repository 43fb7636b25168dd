"""Setting grades, who sees them, and what they come to."""

from datetime import date

import pytest

from api.tests.helpers import codes
from conftest import Client
from timetable.models import Lecture, TimetableEntry
from timetable.services import friends
from timetable.tests.factories import SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.helpers import MONDAY, TIMETABLES, TUESDAY, add, entries_of, ok, own, read

pytestmark = pytest.mark.django_db

SUMMARY = "/api/v1/grades/summary/"
NOTHING = {"courses": 0, "attempted": 0.0, "earned": 0.0, "average": None}


def numbers(courses, attempted, earned, average):
    return {"courses": courses, "attempted": attempted, "earned": earned, "average": average}


@pytest.fixture
def earlier(user):
    """The primary timetable of the semester before."""
    semester = SemesterFactory(
        school=user.school, term="1", starts_on=date(2025, 3, 3), ends_on=date(2025, 6, 20)
    )
    return TimetableFactory(user=user, semester=semester, primary=True)


def graded(client, timetable, grade, is_major=False, meetings=(), **lecture):
    entry = add(client, timetable, make_lecture(timetable.semester, *meetings, **lecture))
    return ok(client.patch(f"{entries_of(timetable)}{entry['id']}/", {"grade": grade, "is_major": is_major}))


# --- Setting them ---
def test_a_grade_is_set_changed_and_taken_back(api, timetable, semester):
    entry = add(api, timetable, make_lecture(semester, MONDAY), grade="A-", is_major=True)
    assert (entry["grade"], entry["is_major"]) == ("A-", True)
    path = f"{entries_of(timetable)}{entry['id']}/"
    for change in ({"grade": "NP"}, {"is_major": False}, {"grade": ""}):
        entry |= change
        assert ok(api.patch(path, change)) == entry
    assert read(api, timetable)["entries"] == [entry]


@pytest.mark.parametrize("grade", ["E", "a+", "A", "A+ ", "S", 4, None, ["A+"]])
def test_no_other_grade_is_taken(api, timetable, semester, grade):
    lecture = make_lecture(semester, MONDAY)
    refused = api.post(entries_of(timetable), {"lecture": lecture.pk, "grade": grade})
    assert refused.status_code == 400
    assert {attr for attr, _code in codes(refused)} == {"grade"}
    assert not TimetableEntry.objects.exists()


@pytest.mark.parametrize("fields", [{"grade": "A+"}, {"is_major": True}])
def test_something_of_ones_own_has_no_grade(api, timetable, fields):
    (name,) = fields
    refused = api.post(entries_of(timetable), own(MONDAY) | fields)
    assert (refused.status_code, codes(refused)) == (400, {(name, "lecture_only")})
    entry = add(api, timetable, own(MONDAY, grade="", is_major=False))
    refused = api.patch(f"{entries_of(timetable)}{entry['id']}/", fields)
    assert (refused.status_code, codes(refused)) == (400, {(name, "lecture_only")})


# --- Who sees them ---
def test_a_copy_has_no_grades(api, timetable):
    graded(api, timetable, "A+", is_major=True)
    copy = ok(api.post(f"{TIMETABLES}{timetable.pk}/copy/"))
    assert [(entry["grade"], entry["is_major"]) for entry in copy["entries"]] == [("", True)]
    assert [entry["grade"] for entry in read(api, timetable)["entries"]] == ["A+"]


def test_nobody_else_sees_a_grade(api, anonymous, clients, people, user, timetable, pages):
    graded(api, timetable, "D-", is_major=True, meetings=[MONDAY], title="자료구조")
    friends.befriend(friends.new_row(user, people["other"]), people["other"], None)
    ok(api.patch(f"{TIMETABLES}{timetable.pk}/", {"visibility": "public"}))
    token = ok(api.put(f"{TIMETABLES}{timetable.pk}/share/"))["share_token"]
    shared = [
        anonymous.get(f"/api/v1/shared-timetables/{token}/"),
        anonymous.get(f"/api/v1/shared-timetables/{token}/calendar.ics"),
        clients["other"].get(f"/api/v1/friends/{user.pk}/timetables/"),
        pages.get(f"/admin/timetable/timetable/{timetable.pk}/change/"),
    ]
    for answer in shared:
        text = answer.content.decode()
        assert "자료구조" in text
        assert not [word for word in ("D-", 'grade"', "is_major") if word in text]
    for role, client in clients.items():
        if role != "user":
            assert client.get(f"{TIMETABLES}{timetable.pk}/").status_code == 404
            assert ok(client.get(SUMMARY))["all"] == NOTHING


# --- What they come to ---
def test_grades_are_summed_by_semester_newest_first(api, earlier, timetable):
    graded(api, earlier, "A0", credit=2)
    graded(api, earlier, "P", credit=1)
    graded(api, timetable, "B+", is_major=True)
    graded(api, timetable, "F")
    graded(api, timetable, "")
    add(api, timetable, own(TUESDAY))
    assert ok(api.get(SUMMARY)) == {
        "scale": "4.5",
        "all": numbers(4, 9.0, 6.0, 2.31),
        "major": numbers(1, 3.0, 3.0, 3.5),
        "retaken": [],
        "semesters": [
            {
                "semester": {"id": timetable.semester_id, "name": "2025-2"},
                "all": numbers(2, 6.0, 3.0, 1.75),
                "major": numbers(1, 3.0, 3.0, 3.5),
            },
            {
                "semester": {"id": earlier.semester_id, "name": "2025-1"},
                "all": numbers(2, 3.0, 3.0, 4.0),
                "major": NOTHING,
            },
        ],
    }


@pytest.mark.parametrize(("scale", "average"), [("4.5", 3.63), ("4.3", 3.5), ("4.0", 3.35)])
def test_the_scale_is_chosen(api, timetable, scale, average):
    graded(api, timetable, "A+")
    graded(api, timetable, "B-")
    summary = ok(api.get(SUMMARY, {"scale": scale}))
    assert (summary["scale"], summary["all"]["average"]) == (scale, average)


@pytest.mark.parametrize("scale", ["4", "4.50", "5", ""])
def test_another_scale_is_refused(api, scale):
    refused = api.get(SUMMARY, {"scale": scale})
    assert (refused.status_code, codes(refused)) == (400, {("scale", "invalid_choice")})


def test_without_grades_there_is_no_average(api):
    assert ok(api.get(SUMMARY)) == {
        "scale": "4.5",
        "all": NOTHING,
        "major": NOTHING,
        "retaken": [],
        "semesters": [],
    }


def test_other_timetables_than_the_primary_one_count_nothing(api, user, timetable, semester):
    plan_b = TimetableFactory(user=user, semester=semester)
    graded(api, plan_b, "F")
    graded(api, timetable, "A+")
    assert ok(api.get(SUMMARY))["all"] == numbers(1, 3.0, 3.0, 4.5)
    ok(api.put(f"{TIMETABLES}{plan_b.pk}/primary/"))
    assert ok(api.get(SUMMARY))["all"] == numbers(1, 3.0, 0.0, 0.0)


def test_a_cancelled_lecture_counts_nothing(api, timetable):
    entry = graded(api, timetable, "A+")
    Lecture.objects.filter(pk=entry["lecture"]["id"]).update(is_cancelled=True)
    assert ok(api.get(SUMMARY))["semesters"] == []


@pytest.mark.parametrize(("retake", "average", "kept"), [("better", 3.0, 0), ("latest", 2.0, 1)])
def test_a_course_taken_again_with_another_professor_counts_once(
    api, earlier, timetable, settings, retake, average, kept
):
    settings.GRADE_RETAKE = retake
    first = graded(api, earlier, "B0", code="CSE1001", professor="김민준", is_major=True)
    second = graded(api, timetable, "C0", code="cse1001", professor="이서연")
    summary = ok(api.get(SUMMARY))
    assert summary["retaken"] == [(second, first)[kept]["id"]]
    assert summary["all"] == numbers(1, 3.0, 3.0, average)
    assert summary["major"]["courses"] == 1 - kept
    assert [row["all"]["average"] for row in summary["semesters"]] == [2.0, 3.0]


def test_grades_of_a_school_one_has_left_count_nothing(api, user):
    elsewhere = TimetableFactory(user=user, semester=SemesterFactory(), primary=True)
    TimetableEntry.objects.create(timetable=elsewhere, lecture=make_lecture(elsewhere.semester), grade="A+")
    assert ok(api.get(SUMMARY))["all"] == NOTHING


def test_many_grades_cost_as_many_queries_as_one(api, user, count_queries):
    def take(year):
        semester = SemesterFactory(school=user.school, year=year, starts_on=date(year, 9, 1))
        timetable = TimetableFactory(user=user, semester=semester, primary=True)
        for _ in range(3):
            TimetableEntry.objects.create(
                timetable=timetable, lecture=make_lecture(semester, MONDAY), grade="B+"
            )

    take(2015)
    ok(api.get(SUMMARY))
    one = count_queries(lambda: ok(api.get(SUMMARY)))
    for year in range(2016, 2026):
        take(year)
    assert count_queries(lambda: ok(api.get(SUMMARY))) == one
    assert Client(user).get(SUMMARY).json()["all"]["courses"] == 33
