"""For development and `make run`: SQLite, no secrets to set, e-mail printed and not yet verified."""

import importlib.util
import os

os.environ.setdefault("REQUIRE_SCHOOL_VERIFICATION", "off")
os.environ.setdefault("EMAIL_URL", "consolemail://")

from config.logs import logging_config
from config.settings.base import *
from config.settings.base import INSTALLED_APPS, MIDDLEWARE, env

DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="insecure-local-secret-key-for-development-only")
ADDRESS_HASH_KEY = env.str("ADDRESS_HASH_KEY", default="insecure-local-address-key-for-development-only")
JWT_SIGNING_KEY = env.str("JWT_SIGNING_KEY", default="insecure-local-jwt-key-for-development-only")

# A page that is being developed is served from a port of its own.
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?\Z"]

SERVER_TIMING = True
LOGGING = logging_config("console")

# The toolbar is a dev dependency, for the admin's pages; `make run` goes without.
if DEBUG and importlib.util.find_spec("debug_toolbar"):
    INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
    MIDDLEWARE = [*MIDDLEWARE, "debug_toolbar.middleware.DebugToolbarMiddleware"]
    # On the admin's pages alone: it lies over the buttons of /docs/.
    DEBUG_TOOLBAR_CONFIG = {
        "SHOW_TOOLBAR_CALLBACK": lambda request: request.path_info.startswith("/admin/"),
        "SHOW_COLLAPSED": True,
    }
