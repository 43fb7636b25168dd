from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id at the floor of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane.

    Django's own parameters take 100 MiB a hash, which a burst of sign-ins on a small host can't bear.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
