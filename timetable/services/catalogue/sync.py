"""Writing what was planned, in one transaction, unless it looks like a broken file."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from api.db import write
from api.tasks import moment
from timetable.catalogue.reading import Progress, Reading, no_progress
from timetable.catalogue.rows import COLUMNS, LectureRow
from timetable.models import Lecture, LectureChange, LectureTime, Semester
from timetable.models.lectures import meeting_fields
from timetable.services.catalogue.bulk import BATCH, update_rows
from timetable.services.catalogue.courses import ensure_courses
from timetable.services.catalogue.plan import Change, Plan, plan_catalogue
from timetable.services.catalogue.report import Report, shown_fields
from timetable.services.notifications import tell_watchers
from timetable.times import Meeting

T = TypeVar("T")

# Shares beyond which a file is taken for a broken one: of the semester's lectures that it would cancel,
# of its rows that are not understood, of the lectures to which it gives another title.
MAX_GONE, MAX_BAD, MAX_RETITLED = 0.2, 0.05, 0.2
# What `LectureChange` keeps: what matters to who attends. Seats and counts change daily.
TOLD = {"title", "professor", "category", "credit", "campus", "remark", "times", "is_cancelled"}
# What search reads.
SEARCHED = {"code", "title", "professor", "times"}


class SyncRefused(Exception):
    """The file looks broken, and nothing was changed. `report.refused` has the reasons."""

    def __init__(self, report: Report) -> None:
        super().__init__(" ".join(report.refused))
        self.report = report


def preview_catalogue(*, semester: Semester, reading: Reading) -> Report:
    """What an import would do. The semester may not be there yet. Writes nothing."""
    return report_on(plan_catalogue(semester=semester, reading=reading))


@write
def sync_catalogue(
    *, semester: Semester, reading: Reading, force: bool = False, progress: Progress = no_progress
) -> Report:
    """Bring a semester, made where it is not there yet, to what a file says: all of it or nothing.

    Lectures that are not in the file become cancelled and are never deleted. Raises SyncRefused for a file
    that looks broken, unless forced.
    """
    semester = lock_semester(semester)
    report = preview_catalogue(semester=semester, reading=reading)
    if report.refused and not force:
        raise SyncRefused(report)
    write_plan(report.plan, progress)
    return report


def lock_semester(semester: Semester) -> Semester:
    """The semester's row, locked: two imports of one semester wait for each other.

    Looked up by its name, as a transaction that is tried again finds a row it had made gone.
    """
    name = {"school": semester.school, "year": semester.year, "term": semester.term}
    dates = {"starts_on": semester.starts_on, "ends_on": semester.ends_on}
    Semester.objects.get_or_create(**name, defaults=dates)
    return Semester.objects.select_for_update().get(**name)


# --- Refusing


def report_on(plan: Plan) -> Report:
    return Report(plan, tuple(reasons_against(plan)))


def reasons_against(plan: Plan) -> Iterator[str]:
    """Why a file looks cut off or shifted."""
    reading = plan.reading
    bad = len(reading.rejected) + len(reading.unread)
    retitled = sum("title" in change.fields for change in plan.changed + plan.gone)
    matched = len(reading.rows) - len(plan.created)
    if len(plan.gone) > MAX_GONE * plan.living:
        values = {"gone": len(plan.gone), "living": plan.living, "limit": percent(MAX_GONE)}
        yield _("%(gone)d of %(living)d lectures would be cancelled: more than %(limit)s.") % values
    if bad > MAX_BAD * reading.count:
        values = {"bad": bad, "rows": reading.count, "limit": percent(MAX_BAD)}
        yield _("%(bad)d of %(rows)d rows are not understood: more than %(limit)s.") % values
    if retitled > MAX_RETITLED * matched:
        values = {"retitled": retitled, "matched": matched, "limit": percent(MAX_RETITLED)}
        message = _("%(retitled)d of %(matched)d lectures would change their title: more than %(limit)s.")
        yield message % values


def percent(share: float) -> str:
    return f"{share:.0%}"


# --- Writing


def write_plan(plan: Plan, progress: Progress = no_progress) -> None:
    """Write a plan made under the semester's lock, a few queries a batch of lectures."""
    courses = ensure_courses(plan.semester, plan.reading.rows.values())
    changes = plan.changes
    total = len(plan.created) + len(changes)
    done = 0
    progress(done, total)
    for rows in batches(plan.created):
        create_lectures(plan, rows, courses)
        done += len(rows)
        progress(done, total)
    for some in batches(changes):
        change_lectures(some, courses)
        done += len(some)
        progress(done, total)


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def create_lectures(plan: Plan, rows: Sequence[LectureRow], courses: dict[tuple[str, str], int]) -> None:
    lectures = []
    for row in rows:
        lecture = Lecture(
            semester=plan.semester,
            course_id=courses[row.course_key],
            is_cancelled=plan.is_listed(row.key),
            **{name: getattr(row, name) for name in COLUMNS},
        )
        lecture.index(meeting.place for meeting in row.meetings)
        lectures.append(lecture)
    Lecture.objects.bulk_create(lectures)
    # MySQL does not tell the ids of many rows inserted at once.
    codes = {row.key[0] for row in rows}
    keys = Lecture.objects.filter(semester=plan.semester, code_key__in=codes)
    ids = {(code, section): pk for pk, code, section in keys.values_list("pk", "code_key", "section_key")}
    create_times({ids[row.key]: row.meetings for row in rows})


def create_times(meetings: dict[int, tuple[Meeting, ...]]) -> None:
    """The times of lectures, by their ids."""
    LectureTime.objects.bulk_create(
        [
            LectureTime(lecture_id=pk, **meeting_fields(meeting))
            for pk, times in meetings.items()
            for meeting in times
        ],
        batch_size=BATCH,
    )


def change_lectures(changes: Sequence[Change], courses: dict[tuple[str, str], int]) -> None:
    """Write the columns that changed, and no others: people save lectures meanwhile."""
    columns = {name for change in changes for name in change.fields} & {*COLUMNS, "is_cancelled"}
    if any(SEARCHED & change.fields.keys() for change in changes):
        columns |= {"course", "search_text", "title_initials"}
    for change in changes:
        set_fields(change, courses)
    update_rows([change.lecture for change in changes], columns)
    moved = {
        change.lecture.pk: change.row.meetings
        for change in changes
        if change.row is not None and "times" in change.fields
    }
    LectureTime.objects.filter(lecture__in=moved).delete()
    create_times(moved)
    record_changes(changes)


def set_fields(change: Change, courses: dict[tuple[str, str], int]) -> None:
    lecture, row = change.lecture, change.row
    for name, (_before, after) in change.fields.items():
        if name != "times":
            setattr(lecture, name, after)
    if row is not None and SEARCHED & change.fields.keys():
        # Another professor makes it another course, to which the reviews of the first do not belong.
        lecture.course_id = courses[row.course_key]
        lecture.index(meeting.place for meeting in row.meetings)


def record_changes(changes: Sequence[Change]) -> None:
    """Keep what matters to who attends, and tell who watches."""
    since = moment(timezone.now())
    told = {change.lecture.pk: fields for change in changes if (fields := told_fields(change))}
    LectureChange.objects.bulk_create(LectureChange(lecture_id=pk, fields=told[pk]) for pk in told)
    freed = {change.lecture.pk for change in changes if frees_a_seat(change)}
    tell_watchers(since=since, changed=told.keys(), freed=freed)


def told_fields(change: Change) -> dict[str, Any]:
    return {name: pair for name, pair in shown_fields(change).items() if name in TOLD}


def frees_a_seat(change: Change) -> bool:
    """Whether a lecture was full and is not any more, as far as the catalogue says."""
    seats = [
        change.fields.get(name, (getattr(change.lecture, name),) * 2) for name in ("capacity", "enrolled")
    ]
    (capacity_before, capacity), (enrolled_before, enrolled) = seats
    if None in (capacity_before, capacity, enrolled_before, enrolled):
        return False
    return bool(enrolled_before >= capacity_before and enrolled < capacity)
