"""Bringing a semester's lectures to what a catalogue's file says: planned first, then written, or refused."""

from timetable.services.catalogue.plan import Plan, plan_catalogue
from timetable.services.catalogue.report import Report
from timetable.services.catalogue.sync import (
    SyncRefused,
    lock_semester,
    preview_catalogue,
    sync_catalogue,
    write_plan,
)

__all__ = [
    "Plan",
    "Report",
    "SyncRefused",
    "lock_semester",
    "plan_catalogue",
    "preview_catalogue",
    "sync_catalogue",
    "write_plan",
]
