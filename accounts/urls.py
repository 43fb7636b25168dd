from rest_framework.routers import DefaultRouter

from accounts.views.auth import AuthViewSet
from accounts.views.blocks import BlockViewSet
from accounts.views.exports import ExportViewSet
from accounts.views.moderation import AuditLogViewSet, CaseViewSet, UnmaskViewSet
from accounts.views.notifications import NotificationViewSet
from accounts.views.passwords import PasswordResetViewSet, PasswordViewSet
from accounts.views.reports import ReportViewSet
from accounts.views.sanctions import SanctionViewSet
from accounts.views.schools import SchoolViewSet
from accounts.views.sessions import SessionViewSet
from accounts.views.users import UserViewSet
from accounts.views.verifications import EmailViewSet, SchoolVerificationViewSet

router = DefaultRouter(use_regex_path=False)
router.register("auth", AuthViewSet, basename="auth")
router.register("auth/email", EmailViewSet, basename="email")
router.register("auth/school-verification", SchoolVerificationViewSet, basename="verification")
router.register("auth/password", PasswordViewSet, basename="password")
router.register("auth/password/reset", PasswordResetViewSet, basename="auth-reset")
router.register("auth/sessions", SessionViewSet, basename="session")
router.register("schools", SchoolViewSet, basename="school")
router.register("users", UserViewSet, basename="user")
router.register("exports", ExportViewSet, basename="export")
router.register("blocks", BlockViewSet, basename="block")
router.register("reports", ReportViewSet, basename="report")
router.register("notifications", NotificationViewSet, basename="notification")
router.register("moderation/cases", CaseViewSet, basename="case")
router.register("moderation/audit", AuditLogViewSet, basename="audit")
router.register("moderation/unmask", UnmaskViewSet, basename="unmask")
router.register("sanctions", SanctionViewSet, basename="sanction")
