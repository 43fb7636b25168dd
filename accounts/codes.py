"""Codes that are sent by mail and typed by hand: eight letters and digits that nobody mistakes for others."""

import secrets

from django.utils.crypto import salted_hmac

# Without 0 and O, 1, I and L: about 10^12 codes, of which five are tried.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def make_code() -> str:
    """As it is sent: `K7QM-2XRD`."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{code[:4]}-{code[4:]}"


def hash_code(code: str, verification_id: int) -> str:
    """A keyed hash of a code, however it was typed, and of what it is for."""
    typed = "".join(code.split()).replace("-", "").upper()
    return salted_hmac("accounts.codes", f"{verification_id}:{typed}", algorithm="sha256").hexdigest()
