"""How an e-mail address is recognised that is not kept."""

from django.utils.crypto import salted_hmac

from api.text import fold


def address_key(email: str) -> str:
    """A keyed hash, by which an address is known when it comes back, however it is spelt."""
    return salted_hmac("accounts.address", fold(email), algorithm="sha256").hexdigest()
