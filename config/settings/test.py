"""For the test suite: SQLite unless `DATABASE_URL` names a server."""

import os

os.environ.setdefault("REQUIRE_SCHOOL_VERIFICATION", "on")

from config.settings.base import *
from config.settings.base import REST_FRAMEWORK, STORAGES
from config.settings.env import TASK_BACKENDS

SECRET_KEY = "test-secret-key-with-fifty-characters-and-some-more-0123456789"
ADDRESS_HASH_KEY = "test-address-key-with-fifty-characters-and-some-more-0123456789"
JWT_SIGNING_KEY = "test-jwt-signing-key-with-fifty-characters-and-more-0123456789"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

TASKS = {"default": {"BACKEND": TASK_BACKENDS["immediate"]}}
# No test leaves a file behind.
STORAGES = STORAGES | {
    name: {"BACKEND": "django.core.files.storage.InMemoryStorage"} for name in ("default", "exports")
}

# Argon2 would be most of the suite's time; the hasher itself has its own test.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "accounts.hashers.Argon2idHasher",
]
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]),
}
