"""For a server. Refuses to start when something is missing or unsafe, naming all of it at once."""

import re
from itertools import combinations

from django.core.exceptions import ImproperlyConfigured

from config import sentry
from config.logs import logging_config, tell_uncaught
from config.settings.base import *
from config.settings.base import (
    ADDRESS_HASH_KEY,
    ALLOWED_HOSTS,
    ARGON2_MEMORY_KIB,
    ARGON2_PASSES,
    CORS_ALLOWED_ORIGINS,
    DATABASES,
    JWT_OLD_SIGNING_KEYS,
    JWT_SIGNING_KEY,
    SECRET_KEY_FALLBACKS,
    STORAGES,
    env,
)
from config.settings.env import tasks_from_env

SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
MIN_KEY_LENGTH = 50
# An app's own scheme, such as capacitor://localhost, is an origin too.
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\s*]+")


def key_problem(name: str, value: str) -> str | None:
    if not value:
        return f"{name} is missing."
    if len(value) < MIN_KEY_LENGTH or value.startswith("insecure") or len(set(value)) < 5:
        return f"{name} is unsafe: use at least {MIN_KEY_LENGTH} random characters."
    return None


def key_problems() -> list[str]:
    """What is wrong with any key: what an old one has signed is believed as well."""
    keys = [
        ("DJANGO_SECRET_KEY", SECRET_KEY),
        ("JWT_SIGNING_KEY", JWT_SIGNING_KEY),
        ("ADDRESS_HASH_KEY", ADDRESS_HASH_KEY),
        *(("DJANGO_SECRET_KEY_FALLBACKS", key) for key in SECRET_KEY_FALLBACKS),
        *(("JWT_OLD_SIGNING_KEYS", key) for key in JWT_OLD_SIGNING_KEYS),
    ]
    alike = [
        f"{name} must differ from {other}."
        for (other, theirs), (name, value) in combinations(keys, 2)
        if value and value == theirs
    ]
    return [problem for name, value in keys if (problem := key_problem(name, value))] + alike


def hash_problems() -> list[str]:
    """OWASP's Password Storage Cheat Sheet: 19 MiB with two passes, or more memory with one."""
    if ARGON2_MEMORY_KIB * ARGON2_PASSES < 2 * 19 * 1024 or ARGON2_MEMORY_KIB < 12 * 1024:
        return ["ARGON2_MEMORY_KIB and ARGON2_PASSES are too low: take 19456 and 2, or 47104 and 1."]
    return []


def origin_problems() -> list[str]:
    return [
        f"CORS_ALLOWED_ORIGINS: {origin!r} is no origin such as https://app.example.com."
        for origin in CORS_ALLOWED_ORIGINS
        if not ORIGIN.fullmatch(origin)
    ]


def problems() -> list[str]:
    """What keeps these settings from being safe to serve with, one line each."""
    found = key_problems() + hash_problems() + origin_problems()
    if not ALLOWED_HOSTS:
        found.append("DJANGO_ALLOWED_HOSTS is missing: the host names users call, comma-separated.")
    elif "*" in ALLOWED_HOSTS:
        found.append("DJANGO_ALLOWED_HOSTS is unsafe: '*' admits any host name.")
    if not sentry.is_dsn(SENTRY_DSN):
        found.append("SENTRY_DSN is none: it looks like https://key@o1.ingest.sentry.io/2.")
    if env.bool("DEBUG", default=False):
        found.append("DEBUG is unsafe: it must be off on a server.")
    if not DATABASES["default"]["ENGINE"].endswith("mysql"):
        found.append("DATABASE_URL or DATABASE_HOST is missing: a server stores in MySQL or MariaDB.")
    return found


if found := problems():
    raise ImproperlyConfigured("Madang can't start:\n- " + "\n- ".join(found))

TASKS = tasks_from_env("database")

# TLS ends at the proxy, which says so in this header (and drops what a client wrote there).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
REFRESH_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
LOGGING = logging_config("json")
tell_uncaught()
sentry.start(
    SENTRY_DSN,
    release=env.str("GIT_COMMIT", default=""),
    environment=env.str("SENTRY_ENVIRONMENT", default="production"),
)
