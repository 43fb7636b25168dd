from accounts.models.audit import AuditLog
from accounts.models.blocks import Block
from accounts.models.departures import Departure
from accounts.models.exports import Export
from accounts.models.idempotency import IdempotencyRecord
from accounts.models.moderation import ModerationCase, Reason, Report, Sanction
from accounts.models.notifications import Notification, NotificationMute
from accounts.models.schools import EmailDomain, School
from accounts.models.sessions import Session
from accounts.models.users import User
from accounts.models.verifications import Letter, Verification

__all__ = [
    "AuditLog",
    "Block",
    "Departure",
    "EmailDomain",
    "Export",
    "IdempotencyRecord",
    "Letter",
    "ModerationCase",
    "Notification",
    "NotificationMute",
    "Reason",
    "Report",
    "Sanction",
    "School",
    "Session",
    "User",
    "Verification",
]
