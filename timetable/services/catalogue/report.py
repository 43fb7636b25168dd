"""What an import did, or would do, as JSON that is kept, and as lines to read."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from timetable.catalogue.cells import label
from timetable.catalogue.notation import write_times
from timetable.catalogue.rows import LectureRow
from timetable.models import Lecture
from timetable.models.lectures import GRADE_YEARS, meeting_fields
from timetable.services.catalogue.plan import Change, Plan
from timetable.times import Meeting

# As many rows of each kind are named in a report; the counts are whole.
MAX_NAMED = 500


@dataclass(frozen=True)
class Report:
    """A plan, and why it is refused unless forced."""

    plan: Plan
    refused: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """`counts`, at most `MAX_NAMED` rows of each kind under `named`, and the reasons under `refused`.

        Two reports with one `digest` do the same, in whatever language they are.
        """
        named = self.named()
        acts = {kind: named[kind] for kind in ("created", "changed", "gone")}
        return {
            "digest": hashlib.sha256(json.dumps(acts, sort_keys=True).encode()).hexdigest(),
            "refused": list(self.refused),
            "counts": self.counts(),
            "named": {kind: rows[:MAX_NAMED] for kind, rows in named.items()},
        }

    def counts(self) -> dict[str, int]:
        plan, reading = self.plan, self.plan.reading
        rows = reading.rows.values()
        return {
            "rows": reading.count,
            "lectures": len(reading.rows),
            "rejected": len(reading.rejected),
            "times_parsed": sum(bool(row.meetings) for row in rows),
            "times_absent": sum(not row.meetings and not row.unread_times for row in rows),
            "times_not_understood": len(reading.unread),
            "meetings": sum(len(row.meetings) for row in rows),
            "created": len(plan.created),
            "changed": len(plan.changed),
            "reinstated": sum(change.is_reinstatement for change in plan.changed),
            "gone": len(plan.gone),
            "unchanged": plan.unchanged,
            "still_cancelled": plan.still_cancelled,
            "listed_cancelled": len(reading.cancelled),
            "unknown_cancelled": len(plan.unknown),
        }

    def named(self) -> dict[str, list[dict[str, Any]]]:
        plan, reading = self.plan, self.plan.reading
        return {
            "rejected": [{"line": row.line, "text": row.reason} for row in reading.rejected],
            "times_not_understood": [
                name_of(row) | {"line": row.line, "text": row.unread_times} for row in reading.unread
            ],
            "unknown_cancelled": [
                {"line": row.line, "code": row.code, "section": row.section} for row in plan.unknown
            ],
            "changed": [
                name_of(change.lecture) | {"fields": shown_fields(change)} for change in plan.changed
            ],
            "gone": [gone_entry(plan, change) for change in plan.gone],
            "created": [name_of(row) for row in plan.created],
        }


def name_of(lecture: Lecture | LectureRow) -> dict[str, Any]:
    return {name: getattr(lecture, name) for name in ("code", "section", "title")}


def gone_entry(plan: Plan, change: Change) -> dict[str, Any]:
    """With whether the file lists it as cancelled, has it, and what else changes."""
    lecture = change.lecture
    return name_of(lecture) | {
        "listed": plan.is_listed((lecture.code_key, lecture.section_key)),
        "in_file": change.row is not None,
        "fields": {name: pair for name, pair in shown_fields(change).items() if name != "is_cancelled"},
    }


def shown_fields(change: Change) -> dict[str, list[Any]]:
    """`{field: [before, after]}` as the API has the fields."""
    return {
        name: [shown(name, before), shown(name, after)] for name, (before, after) in change.fields.items()
    }


def shown(name: str, value: Any) -> Any:
    if name == "times":
        return [meeting_fields(meeting) for meeting in value]
    if name == "credit":
        return float(value)
    if name == "grade_year":
        return [year for year in GRADE_YEARS if value >> year & 1]
    return value


# --- To read


@dataclass(frozen=True)
class Section:
    """Rows of one kind, a line each; `left_out` more are not named."""

    kind: str
    heading: str
    count: int
    lines: list[str]

    @property
    def left_out(self) -> int:
        return self.count - len(self.lines)


def headings() -> dict[str, str]:
    return {
        "rows": _("Rows read"),
        "lectures": _("Lectures"),
        "rejected": _("Rows rejected"),
        "times_parsed": _("With times"),
        "times_absent": _("Without times"),
        "times_not_understood": _("Times not understood"),
        "meetings": _("Weekly meetings"),
        "created": _("Created"),
        "changed": _("Changed"),
        "reinstated": _("No longer cancelled"),
        "gone": _("Gone, now cancelled"),
        "unchanged": _("Unchanged"),
        "still_cancelled": _("Cancelled before and not in the file"),
        "listed_cancelled": _("Listed as cancelled in the file"),
        "unknown_cancelled": _("Listed as cancelled, but unknown"),
    }


def count_rows(report: dict[str, Any]) -> list[tuple[str, int]]:
    """The counts of a report with their headings."""
    counts = report.get("counts", {})
    return [(heading, counts[name]) for name, heading in headings().items() if name in counts]


def sections(report: dict[str, Any]) -> Iterator[Section]:
    """The rows that a report names, in the order in which they want attention."""
    titles = headings()
    for kind, rows in report.get("named", {}).items():
        if rows:
            count = report["counts"][kind]
            yield Section(kind, titles[kind], count, [line_of(row) for row in rows])


def line_of(row: dict[str, Any]) -> str:
    """`sheet 2, line 17: 11020881-1 자료구조: what there is to say`, of which each part may be missing."""
    code = "-".join(part for part in (row.get("code"), row.get("section")) if part)
    name = " ".join(part for part in (code, row.get("title")) if part)
    notes = "; ".join(notes_of(row))
    return ": ".join(part for part in (row.get("line"), name, notes) if part)


def notes_of(row: dict[str, Any]) -> Iterator[str]:
    if "text" in row:
        yield row["text"]
    if "listed" in row:
        yield from gone_because(row)
    yield from (changed_text(name, *pair) for name, pair in row.get("fields", {}).items())


def gone_because(row: dict[str, Any]) -> Iterator[str]:
    if not row["in_file"]:
        yield _("not in the file")
    if row["listed"]:
        yield _("listed as cancelled")


def changed_text(name: str, before: Any, after: Any) -> str:
    heading = _("times") if name == "times" else label(name)
    return f"{heading}: {value_text(name, before)} → {value_text(name, after)}"


def value_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "" or value == []:
        return "–"
    if name == "times":
        return write_times(Meeting(**time) for time in value)
    return list_text(value) if isinstance(value, list) else str(value)


def list_text(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values))
