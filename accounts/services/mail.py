"""Mails about accounts: queued with their cause, and tried again for a day while the mail server is down."""

import logging
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext, override
from django_tasks import task
from django_tasks.base import Task

from accounts.codes import hash_code, make_code
from accounts.models import Letter, Verification
from accounts.models.verifications import GOOD_FOR, KEPT_FOR
from api.db import write
from api.tasks import enqueue, try_later

logger = logging.getLogger(__name__)


class MailNotSent(Exception):
    """A mail could not be sent, and there is no later. Why stands in the log."""


def send(
    subject: str,
    body: str,
    to: list[str],
    again: Task[..., Any],
    pk: int,
    tries: int,
    *,
    bcc: list[str] | None = None,
) -> bool:
    """Send a mail; if that fails, queue `again` for later. Whether it was sent.

    MailNotSent where there is no later, so that the task counts as failed.
    """
    try:
        EmailMessage(subject, body, to=to, bcc=bcc).send()
    except Exception as error:  # each backend fails in its own way
        # Its name alone: a server's refusal may repeat the address.
        logger.warning("A mail could not be sent (%s), try %d.", type(error).__name__, tries)
        if not try_later(again, pk, tries + 1, tries=tries):
            raise MailNotSent from None
        return False
    return True


# --- Codes --------------------------------------------------------------------------------------------
@task()
def send_code(pk: int, tries: int = 1) -> None:
    """Make a code and send it, unless the request was answered, replaced or a day ago.

    Before it is sent again, another code takes its place: the queue never knows one.
    """
    made = give_code(pk)
    if made is None:
        return
    verification, code = made
    with override(verification.language):
        subject, body = code_mail(verification, code)
    if not send(subject, body, [verification.address], send_code, pk, tries):
        return
    Verification.objects.filter(pk=pk, code_hash=verification.code_hash).update(
        expires_at=timezone.now() + GOOD_FOR
    )


@write
def give_code(pk: int) -> tuple[Verification, str] | None:
    """Keep the hash of a new code, which is good once it was sent. None where none is waited for."""
    waiting = Verification.objects.select_for_update().filter(pk=pk, expires_at=None)
    verification = waiting.filter(created_at__gt=timezone.now() - KEPT_FOR).first()
    if verification is None:
        return None
    code = make_code()
    verification.code_hash = hash_code(code, pk)
    Verification.objects.filter(pk=pk).update(code_hash=verification.code_hash)
    return verification, code


def code_mail(verification: Verification, code: str) -> tuple[str, str]:
    """Subject and text, in the language that is spoken now."""
    purposes = {
        Verification.Purpose.EMAIL: gettext("With this code you confirm your new e-mail address:"),
        Verification.Purpose.SCHOOL: gettext("With this code you confirm that you belong to your school:"),
        Verification.Purpose.PASSWORD: gettext("With this code you can choose a new password:"),
    }
    minutes = GOOD_FOR // timedelta(minutes=1)
    lines = [
        gettext("Hello,"),
        f"{purposes[Verification.Purpose(verification.purpose)]}\n\n    {code}",
        gettext("It is good for %(minutes)d minutes, and once.") % {"minutes": minutes},
        gettext("If you did not ask for it, somebody typed your address. Then you need do nothing."),
    ]
    return gettext("Madang: your code"), "\n\n".join(lines)


# --- Letters ------------------------------------------------------------------------------------------
def write_letter(*, user: Any, kind: Letter.Kind, address: str, language: str) -> None:
    """Queue a mail, in the transaction of what it is about."""
    letter = Letter.objects.create(user=user, kind=kind, address=address, language=language)
    enqueue(send_letter, letter.pk)


@task()
def send_letter(pk: int, tries: int = 1) -> None:
    """Send a letter that still waits."""
    letter = Letter.objects.filter(pk=pk, created_at__gt=timezone.now() - KEPT_FOR).first()
    if letter is None:
        return
    with override(letter.language):
        subject, body = letter_mail(letter)
    if send(subject, body, [letter.address], send_letter, pk, tries):
        letter.delete()


def letter_mail(letter: Letter) -> tuple[str, str]:
    if letter.kind == Letter.Kind.PASSWORD_CHANGED:
        subject = gettext("Madang: your password was changed")
        text = gettext(
            "Your password was changed, and other devices were signed out. If that was not you, reset it by "
            "e-mail at once."
        )
    else:
        subject = gettext("Madang: your e-mail address was changed")
        text = gettext(
            "Your account has another e-mail address now, and this one no longer belongs to it. If that was "
            "not you, write to those who run it."
        )
    return subject, "\n\n".join([gettext("Hello,"), text])
