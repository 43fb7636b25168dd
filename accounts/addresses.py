"""How an e-mail address is recognised that is not kept."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from api.text import fold


def address_key(email: str) -> str:
    """A keyed hash, by which an address is known when it comes back, however it is spelt.

    `minji+madang@…` is delivered to `minji@…`, so it is the same. The key is never changed: what is stored
    would be known no more.
    """
    local, _at, domain = fold(email).rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{domain}"
    key = settings.ADDRESS_HASH_KEY
    return salted_hmac("accounts.address", mailbox, secret=key, algorithm="sha256").hexdigest()


def domain_of(email: str) -> str:
    """What stands after the @, folded."""
    return fold(email).rpartition("@")[2]
