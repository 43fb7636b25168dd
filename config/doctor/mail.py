"""Whether mails can leave."""

import smtplib
import socket
import ssl
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from config.doctor import Finding, ok, warning, wrong

WHY: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "It refuses the user or the password."),
    (smtplib.SMTPNotSupportedError, "It knows no STARTTLS, or no sign-in: smtp:// or smtp+ssl:// instead?"),
    (smtplib.SMTPServerDisconnected, "It hung up: is it the port of another kind of TLS?"),
    (smtplib.SMTPException, "It refused: see its own log."),
    (ssl.SSLCertVerificationError, "Its certificate is not good for this name."),
    (ssl.SSLError, "It does not speak TLS there: smtp+tls:// is for port 587, smtp+ssl:// for 465."),
    (socket.gaierror, "There is no such name."),
    (TimeoutError, "It does not answer: a firewall? Clouds often close port 25."),
    (ConnectionRefusedError, "Nobody listens at that port."),
    (OSError, "It can't be reached."),
)


def look_at_mail(to: str = "") -> Iterator[Finding]:
    """By signing in at the server; with an address, by sending a mail there."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield warning("mail", "No mail leaves: EMAIL_URL names no server.")
        return
    mailer = get_connection(timeout=5)
    try:
        mailer.open()
        if to:
            EmailMessage("Madang", "manage.py doctor", to=[to], connection=mailer).send()
        mailer.close()
    except Exception as error:
        yield wrong("mail", f"{server}: {next((why for kind, why in WHY if isinstance(error, kind)), '?')}")
    else:
        yield ok("mail", f"{server} took a mail to {to}." if to else f"{server} lets us in.")
