"""Proving that one reads what comes to an address: asking for a code, and using it. The user comes first."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from accounts.addresses import address_key, domain_of
from accounts.codes import is_hash_of
from accounts.exceptions import AddressTaken, AlreadyVerified, NoSchoolAddresses
from accounts.models import Letter, User, Verification
from accounts.services.floods import take_turn
from accounts.services.mail import send_code, write_letter
from accounts.services.sanctions import bind_newcomer
from accounts.services.users import has_just_left, refuse_taken
from api.db import write
from api.errors import invalid
from api.tasks import enqueue

Purpose = Verification.Purpose
# The id of no verification: queueing its mail takes as long as queueing one, and sends none.
NOBODY = 0
MAILS_AN_HOUR = 5


# --- Asking for a code ----------------------------------------------------------------------------------
@write
def ask_code(*, user: User | None, purpose: Purpose, address: str) -> None:
    """Queue a code to an address, in place of an earlier one; for nobody, queue as much and send nothing."""
    pk = NOBODY
    if user is not None:
        # Another row, and no code kept: one that was mailed before is good no longer.
        Verification.objects.filter(user=user, purpose=purpose).delete()
        row = Verification.objects.create(
            user=user, purpose=purpose, address=address, language=get_language()
        )
        pk = row.pk
    enqueue(send_code, pk)


def may_mail(email: str) -> bool:
    """Whether one more mail an hour may go to this mailbox, however its address is spelt."""
    return take_turn("mail", address_key(email), number=MAILS_AN_HOUR)


def ask_email_code(*, user: User, email: str, password: str) -> None:
    """Send a code to the address that shall be the account's. One that somebody has gets none, untold."""
    if not user.check_password(password):
        raise not_the_password()
    is_taken = User.objects.filter(email_key=email).exists() or has_just_left(email)
    may_send = may_mail(email)
    ask_code(user=None if is_taken or not may_send else user, purpose=Purpose.EMAIL, address=email)


def ask_school_code(*, user: User, email: str) -> None:
    """Send a code to an address at one of the school's domains; 400 `not_of_school` for any other.

    AlreadyVerified; NoSchoolAddresses for a school without domains.
    """
    if user.school is None or user.school_verified_at is not None:
        raise AlreadyVerified
    domains = set(user.school.email_domains.values_list("domain", flat=True))
    if not domains:
        raise NoSchoolAddresses
    if domain_of(email) not in domains:
        raise invalid("email", _("This is no address of your school."), "not_of_school")
    may_send = may_mail(email)
    ask_code(user=user if may_send else None, purpose=Purpose.SCHOOL, address=email)


# --- Using it ---------------------------------------------------------------------------------------------
def use_code(*, user: User | None, purpose: Purpose, code: str, then: Callable[[User, str], None]) -> None:
    """Do `then` with the user, locked, and the address, if the code is right; once. Else 400 `code_invalid`.

    Wrong, expired, used, tried too often and never asked for are the same.
    """
    if user is None or not try_code(user=user, purpose=purpose, code=code, then=then):
        raise wrong_code()


def wrong_code() -> ValidationError:
    return invalid("code", _("This code is not right, or no longer good."), "code_invalid")


def not_the_password() -> ValidationError:
    return invalid("password", _("This is not your password."), "incorrect")


@write
def try_code(*, user: User, purpose: Purpose, code: str, then: Callable[[User, str], None]) -> bool:
    """A wrong one is counted, so it must not raise."""
    locked = User.objects.select_for_update().filter(pk=user.pk, is_active=True).first()
    usable = Verification.objects.usable().filter(user=user, purpose=purpose)
    verification = usable.first() if locked is not None else None
    if locked is None or verification is None:
        return False
    if not is_hash_of(verification.code_hash, code, verification.pk):
        usable.update(attempts=F("attempts") + 1)
        return False
    then(locked, verification.address)
    verification.delete()
    return True


def change_email(*, user: User, code: str) -> None:
    """Let the account have the address that the code came to. The one before is told."""
    use_code(user=user, purpose=Purpose.EMAIL, code=code, then=set_email)


def set_email(user: User, address: str) -> None:
    refuse_taken({"email": address}, besides=user)
    before, user.email = user.email, address
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_key", "updated_at"])
    except IntegrityError:
        refuse_taken({"email": address}, besides=user)
        raise
    write_letter(user=user, kind=Letter.Kind.EMAIL_CHANGED, address=before, language=get_language())


def verify_school(*, user: User, code: str) -> None:
    """Verify the school by the code. AddressTaken where the address has verified somebody else."""
    use_code(user=user, purpose=Purpose.SCHOOL, code=code, then=set_verified)


def set_verified(user: User, address: str) -> None:
    domains = user.school.email_domains.filter(domain=domain_of(address)) if user.school else None
    if domains is None or not domains.exists():  # the school was changed meanwhile
        raise wrong_code()
    user.school_verified_at = timezone.now()
    user.school_address_key = address_key(address)
    try:
        with transaction.atomic():
            user.save(update_fields=["school_verified_at", "school_address_key", "updated_at"])
    except IntegrityError:
        raise AddressTaken from None
    bind_newcomer(user=user, email=address)
