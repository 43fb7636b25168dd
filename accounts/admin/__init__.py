"""The operators' pages for schools and people, and the moderators' for what people reported."""

from accounts.admin import audit, cases, people, sanctions
from accounts.admin.moderation import acts_on
from accounts.admin.people import SchoolFilter

__all__ = ["SchoolFilter", "acts_on", "audit", "cases", "people", "sanctions"]
