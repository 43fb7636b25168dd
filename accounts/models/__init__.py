from accounts.models.audit import AuditLog
from accounts.models.idempotency import IdempotencyRecord
from accounts.models.schools import EmailDomain, School
from accounts.models.sessions import Session
from accounts.models.users import User

__all__ = ["AuditLog", "EmailDomain", "IdempotencyRecord", "School", "Session", "User"]
