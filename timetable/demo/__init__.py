"""The demo's timetables, built from the catalogues of two universities. The plans are in JSON files.

A plan is a timetable: `by` a student's number, with lectures named `code-section`, then as many others of
`department` and `year` as fit into `credit`, things of one's `own`, and `grades` of the first lectures.
`copies` are plans B of it; `watches` are lectures that the student keeps an eye on.
The lectures of the first file are there when the timetables are made; the later ones change them, and an
operator enters how many `seats` are taken. What students then say of courses and exams is in `reviews.py` and
`exam_notes.py`, who is friends with whom in `friends.py`.
"""

import json
import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.demo import Cast
from accounts.models import User
from api.db import write
from timetable.catalogue.reading import read_catalogue
from timetable.demo.exam_notes import tell_of_exams
from timetable.demo.friends import make_friends
from timetable.demo.reviews import review_courses
from timetable.exceptions import Clash
from timetable.models import Lecture, Semester, Timetable
from timetable.models.semesters import parse_name
from timetable.services.catalogue import sync_catalogue
from timetable.services.entries import add_lecture, add_own, delete_entry, update_entry
from timetable.services.lectures import begin_edit, finish_edit, watch
from timetable.services.sharing import share_timetable
from timetable.services.timetables import copy_timetable, create_timetable
from timetable.times import Meeting

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
SEED = 2026
MADE = timedelta(days=20)
COLOURS = ("#f28b82", "#fbbc04", "#ccff90", "#a7ffeb", "#aecbfa", "#d7aefb", "#fdcfe8")

Script = dict[str, Any]


@write
def load(casts: list[Cast], now: datetime) -> None:
    """Let those of a cast whose school has a catalogue here plan their semester."""
    rng = random.Random(SEED)  # noqa: S311 (the same demo everywhere, no secret)
    for cast in casts:
        file = HERE / f"{cast.key}.json"
        if file.exists():
            load_school(cast, json.loads(file.read_text(encoding="utf-8")), rng, now)


def load_school(cast: Cast, script: Script, rng: random.Random, now: datetime) -> None:
    starts_on, ends_on = (date.fromisoformat(script[name]) for name in ("starts_on", "ends_on"))
    name = parse_name(script["semester"])
    semester = Semester(school=cast.manager.school, starts_on=starts_on, ends_on=ends_on, **name)
    first, *later = script["files"]
    semester = import_file(semester, script["format"], first)
    plans = [make_plan(cast, semester, plan, rng) for plan in script["plans"]]
    # As if the semester had been planned some weeks ago, and the catalogue had changed since.
    age(plans, now - MADE)
    for file in later:
        import_file(semester, script["format"], file)
    enter_seats(semester, script.get("seats", []))
    review_courses(cast, semester, script.get("reviews", []), now)
    tell_of_exams(cast, semester, script.get("exam_notes", []), now)
    make_friends(cast, script.get("friends", []), now)


def import_file(semester: Semester, format: str, name: str) -> Semester:
    with (DATA / name).open("rb") as file:
        reading = read_catalogue(format=format, file=file)
    return sync_catalogue(semester=semester, reading=reading).plan.semester


def make_plan(cast: Cast, semester: Semester, script: Script, rng: random.Random) -> Timetable:
    user = cast.students[script["by"] - 1]
    fields = {name: script[name] for name in ("name", "theme", "visibility") if name in script}
    timetable = create_timetable(user=user, semester=semester, **fields)
    fill(timetable, semester, script, rng)
    for lecture in find_lectures(semester, script.get("watches", ())):
        watch(user=user, lecture=lecture, wanted=True)
    put_grades(timetable, script)
    if script.get("is_shared"):
        share_timetable(timetable=timetable)
    for name in script.get("copies", ()):
        vary(copy_timetable(user=user, timetable=timetable, name=name), user, rng)
    return timetable


def fill(timetable: Timetable, semester: Semester, script: Script, rng: random.Random) -> None:
    colours = iter(rng.sample(COLOURS, len(COLOURS)) * 9)
    for own in script.get("own", ()):
        times = [Meeting(**time) for time in own["times"]]
        add_own(timetable=timetable, title=own["title"], times=times, colour=next(colours))
    credit = Decimal(0)
    for lecture in chosen(semester, script, rng):
        if credit + lecture.credit <= script["credit"]:
            with suppress(Clash):
                add_lecture(timetable=timetable, lecture=lecture, colour=next(colours))
                credit += lecture.credit


def put_grades(timetable: Timetable, script: Script) -> None:
    """One after the other to its lectures. Those of the plan's department are of the student's major."""
    entries = timetable.entries.filter(lecture__isnull=False).select_related("lecture").order_by("id")
    for entry, grade in zip(entries, script.get("grades", ()), strict=False):
        lecture: Any = entry.lecture
        is_major = lecture.department == script["department"]
        update_entry(entry=entry, grade=grade, is_major=is_major)


def chosen(semester: Semester, script: Script, rng: random.Random) -> Iterator[Lecture]:
    """The lectures a plan names, then others of its department and year, no course twice."""
    lectures = Lecture.objects.filter(semester=semester).order_by("id")
    named = find_lectures(semester, script.get("lectures", ()))
    bit = 1 << script["year"]
    others = [
        lecture
        for lecture in lectures.filter(department=script["department"], times__isnull=False).distinct()
        if lecture.grade_year & bit
    ]
    codes = set()
    for lecture in (*named, *rng.sample(others, len(others))):
        if lecture.code not in codes:
            codes.add(lecture.code)
            yield lecture


def find_lectures(semester: Semester, names: Iterable[str]) -> list[Lecture]:
    """Those of these names, `code-section`."""
    keys = (name.split("-") for name in names)
    return [Lecture.objects.get(semester=semester, code=code, section=section) for code, section in keys]


def enter_seats(semester: Semester, scripts: list[Script]) -> None:
    """Let an operator enter by hand how many seats of a lecture are taken."""
    for script in scripts:
        (lecture,) = find_lectures(semester, [script["lecture"]])
        before = begin_edit(lecture)
        lecture.enrolled = script["enrolled"]
        lecture.save()
        finish_edit(lecture, before)


def vary(timetable: Timetable, user: User, rng: random.Random) -> None:
    """Let a plan B lack one lecture of plan A, which its owner keeps an eye on."""
    lecture = rng.choice(list(Lecture.objects.filter(entries__timetable=timetable).order_by("id")))
    watch(user=user, lecture=lecture, wanted=True)
    delete_entry(entry=timetable.entries.get(lecture=lecture))


def age(plans: list[Timetable], moment: datetime) -> None:
    Timetable.objects.filter(pk__in=[plan.pk for plan in plans]).update(created_at=moment)
