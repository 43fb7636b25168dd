from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id at the cost that the settings say; by default the least that OWASP's Password Storage Cheat
    Sheet names: 19 MiB, two passes, one lane.

    Django's own parameters take 100 MiB a hash, which a burst of sign-ins on a small host can't bear. A hash
    of another cost is made anew when its owner signs in.
    """

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return settings.ARGON2_MEMORY_KIB

    @property
    def time_cost(self) -> int:  # type: ignore[override]
        return settings.ARGON2_PASSES

    parallelism = 1
