"""Changing a password, and choosing another one by a code."""

from django.contrib.auth.hashers import make_password
from django.utils.translation import get_language

from accounts.models import Letter, Session, User, Verification
from accounts.services.mail import write_letter
from accounts.services.sessions import end_sessions
from accounts.services.users import lock_people
from accounts.services.verifications import (
    ask_code,
    may_mail,
    not_the_password,
    use_code,
    wrong_code,
)
from accounts.validators import refuse_weak_password
from api.db import write


def change_password(*, user: User, session: Session, password: str, new_password: str) -> None:
    """Have another password. The other sessions end. 400 where `password` is not the one before."""
    if not user.check_password(password):
        raise not_the_password()
    refuse_weak_password(new_password, user, attr="new_password")
    # Before the transaction, as in signing up.
    set_password(user=user, encoded=make_password(new_password), before=user.password, besides=session)


def ask_reset(*, email: str) -> None:
    """Send a code to an account's address. Whether there is such an account never shows."""
    may_send = may_mail(email)
    user = User.objects.filter(email_key=email, is_active=True).first()
    address = user.email if user is not None else ""
    ask_code(user=user if may_send else None, purpose=Verification.Purpose.PASSWORD, address=address)


def reset_password(*, email: str, code: str, new_password: str) -> None:
    """Choose another password by the code that came to the account's address. All sessions end."""
    # What can be said of it without knowing whose it is comes first, and says nothing of the account.
    refuse_weak_password(new_password, None, attr="new_password")

    def then(user: User, address: str) -> None:
        if address != user.email:  # the account has another one by now
            raise wrong_code()
        refuse_weak_password(new_password, user, attr="new_password")
        set_password(user=user, encoded=make_password(new_password))

    user = User.objects.filter(email_key=email).first()
    use_code(user=user, purpose=Verification.Purpose.PASSWORD, code=code, then=then)


@write
def set_password(
    *, user: User, encoded: str, before: str | None = None, besides: Session | None = None
) -> None:
    """Keep another hash, end the sessions but one, and tell the owner by mail.

    400 where the hash is not `before` any more: whoever knew the password before does not undo a reset.
    """
    for locked in lock_people(user).values():
        if before not in (None, locked.password):
            raise not_the_password()
        locked.password = encoded
        locked.save(update_fields=["password", "updated_at"])
        end_sessions(user=locked, reason=Session.RevokedReason.PASSWORD, besides=besides)
        # A code that was asked for before is none any more.
        locked.verifications.filter(purpose=Verification.Purpose.PASSWORD).delete()
        kind = Letter.Kind.PASSWORD_CHANGED
        write_letter(user=locked, kind=kind, address=locked.email, language=get_language())
