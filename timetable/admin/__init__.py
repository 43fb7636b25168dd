"""The operators' pages for semesters, catalogues and what hangs on them."""

from timetable.admin import catalogue, imports, timetables

__all__ = ["catalogue", "imports", "timetables"]
