from django.utils.translation import gettext_lazy as _
from rest_framework import status

from api.errors import Conflict, DomainError, Forbidden, Unauthorized


class TokenInvalid(Unauthorized):
    default_code = "token_invalid"
    default_detail = _("This access token is not valid.")


class TokenExpired(Unauthorized):
    default_code = "token_expired"
    default_detail = _("This access token has expired. Refresh it.")


class SessionEnded(Unauthorized):
    default_code = "session_ended"
    default_detail = _("This session has ended. Please sign in again.")


class RefreshMissing(Unauthorized):
    default_code = "refresh_missing"
    default_detail = _("There is no refresh token.")


class RefreshInvalid(Unauthorized):
    default_code = "refresh_invalid"
    default_detail = _("This refresh token is not valid.")


class RefreshExpired(Unauthorized):
    default_code = "refresh_expired"
    default_detail = _("This refresh token has expired. Please sign in again.")


class RefreshReused(Unauthorized):
    """The token was replaced before: someone else may hold it, so its session has been ended."""

    default_code = "refresh_reused"
    default_detail = _(
        "This refresh token was used before, so its session has been ended. Please sign in again."
    )


class OriginNotAllowed(Forbidden):
    """A page of an origin that is not listed wants the refresh cookie, or a program that is no browser."""

    default_code = "origin_not_allowed"
    default_detail = _(
        "Only pages of this server and of listed origins can use the cookie. Others send the refresh token "
        "in the body."
    )


class InvalidCredentials(Unauthorized):
    default_code = "invalid_credentials"
    default_detail = _("The username or the password is wrong.")


class LockedOut(DomainError):
    """Too many wrong passwords, from one address for one account."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked_out"
    default_detail = _("Too many wrong passwords. Please try again later.")

    def __init__(self, wait: float = 1) -> None:
        super().__init__()
        self.wait = wait


class VerificationRequired(Forbidden):
    default_code = "verification_required"
    default_detail = _("Verify your school first.")


class NicknameChangedRecently(Conflict):
    """`meta`: `until`, when the nickname may change again."""

    default_code = "nickname_changed_recently"
    default_detail = _("A nickname can change once in 30 days.")


class SchoolLocked(Conflict):
    default_code = "school_locked"
    default_detail = _("The school can't change once it is verified or something has been written.")


class IdempotencyKeyReused(Conflict):
    default_code = "idempotency_key_reused"
    default_detail = _("This Idempotency-Key was used for another request.")


class CaseDecides(Conflict):
    default_code = "case_decides"
    default_detail = _("People have reported this. The school's moderators decide about it.")


class NotAuthor(Forbidden):
    default_code = "not_author"
    default_detail = _("Only who wrote this can change it.")


class OwnContent(Forbidden):
    default_code = "own_content"
    default_detail = _("This is your own.")


class Frozen(Conflict):
    """Hidden content stays as it was until it is decided about."""

    default_code = "frozen"
    default_detail = _("This is hidden, and can't be changed for now.")


class DuplicateText(Conflict):
    """From the same person, within a minute, as the same kind of thing."""

    default_code = "duplicate_text"
    default_detail = _("You have just sent the same text.")


class NotModerator(Forbidden):
    default_code = "not_moderator"
    default_detail = _("Only the school's moderators can do this.")


class NotStaff(Forbidden):
    default_code = "not_staff"
    default_detail = _("Only the operators can do this.")


class Sanctioned(Forbidden):
    """`meta`: `until`, when the sanction ends, or null where it is for good; and its `reason`."""

    default_code = "sanctioned"
    default_detail = _("A sanction keeps you from doing this.")


class AlreadyReported(Conflict):
    default_code = "already_reported"
    default_detail = _("You have reported this already.")


class CaseClosed(Conflict):
    """`meta`: `state`, what became of the case."""

    default_code = "case_closed"
    default_detail = _("This case is not open any more.")


class LastOperator(Conflict):
    default_code = "last_operator"
    default_detail = _("You are the last operator. Name another one before you leave.")


class ExportPending(Conflict):
    default_code = "export_pending"
    default_detail = _("This is still being made. Try again in a moment.")


class AlreadyVerified(Conflict):
    default_code = "already_verified"
    default_detail = _("Your school is verified already.")


class NoSchoolAddresses(Conflict):
    default_code = "no_school_addresses"
    default_detail = _("The addresses of your school are not known here. Ask those who run this.")


class AddressTaken(Conflict):
    default_code = "address_taken"
    default_detail = _("This address has verified another account.")
