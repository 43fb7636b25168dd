"""How an e-mail address is recognised that is not kept."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from api.text import fold


def address_key(email: str) -> str:
    """A keyed hash, by which an address is known when it comes back, however it is spelt.

    Its key is never changed: what is stored would be known no more.
    """
    key = settings.ADDRESS_HASH_KEY
    return salted_hmac("accounts.address", fold(email), secret=key, algorithm="sha256").hexdigest()
