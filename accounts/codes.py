"""Codes that are sent by mail and typed by hand: eight letters and digits that nobody mistakes for others."""

import secrets
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

# Without 0 and O, 1, I and L: about 10^12 codes, of which five are tried.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def make_code() -> str:
    """As it is sent: `K7QM-2XRD`."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{code[:4]}-{code[4:]}"


def hash_code(code: str, verification_id: int, key: str | None = None) -> str:
    """A keyed hash of a code, however it was typed, and of what it is for; by SECRET_KEY unless told."""
    typed = "".join(code.split()).replace("-", "").upper()
    text = f"{verification_id}:{typed}"
    return salted_hmac("accounts.codes", text, secret=key, algorithm="sha256").hexdigest()


def is_hash_of(hashed: str, code: str, verification_id: int) -> bool:
    """Whether it is, by the key or by one that was the key before. It takes as long, whichever it is."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = [compare_digest(hash_code(code, verification_id, key), hashed) for key in keys]
    return any(found)
