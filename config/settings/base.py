"""What every environment shares. `.env.example` explains each name that is read here."""

from datetime import timedelta

from config.settings.env import (
    BASE_DIR,
    caches_from_env,
    choice_from_env,
    count_from_env,
    database_from_env,
    env,
    export_storage_from_env,
    media_storage_from_env,
    tasks_from_env,
)
from config.settings.rates import rates_from_env

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("DJANGO_ALLOWED_HOSTS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "api",
    "accounts",
    "board",
    "timetable",
    "django_tasks",
    "django_tasks_db",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "api.middleware.UnreadBodyMiddleware",
    "api.middleware.RequestIDMiddleware",
    "api.middleware.SecurityHeadersMiddleware",
    "api.middleware.HealthMiddleware",
    "api.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "api.middleware.PrivateCacheMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {"default": database_from_env()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What throttles and claims stand on must stay until it expires; Django's own limit is 300 entries.
CACHES = caches_from_env()

# --- Work beside the answers --------------------------------------------------------------------------
# Notifications are told by tasks: at once here, by a worker on a server.
TASKS = tasks_from_env("immediate")

# --- Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = env.str("MEDIA_URL", default="media/")
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "media"))
STORAGES = {
    "default": media_storage_from_env(),
    "exports": export_storage_from_env(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Mail -------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="madang@localhost")

# --- URLs -------------------------------------------------------------------------------------------
# A redirect would lose the body of a write, and in DEBUG Django raises instead. The API answers
# 404 in its own shape and says that the slash is missing.
APPEND_SLASH = False

# --- Who signs in -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# What a password hash costs. An old one is made anew at the next sign-in.
ARGON2_MEMORY_KIB = count_from_env("ARGON2_MEMORY_KIB", 19 * 1024)
ARGON2_PASSES = count_from_env("ARGON2_PASSES", 2)
# So many are made at a time in a process, each in the memory above; who waits longer is told to come back.
HASHES_AT_ONCE = env.int("HASHES_AT_ONCE", default=4)
HASH_WAIT = timedelta(seconds=5)
# So many tries of one account has one address; then none for so long.
LOCKOUT_TRIES = count_from_env("LOCKOUT_TRIES", 10)
LOCKOUT_TIME = timedelta(minutes=count_from_env("LOCKOUT_MINUTES", 15))
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "nickname")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
REQUIRE_SCHOOL_VERIFICATION = env.bool("REQUIRE_SCHOOL_VERIFICATION", default=True)
NICKNAME_CHANGE_DAYS = 30

# --- Moderation ---------------------------------------------------------------------------------------
# So many reports that count hide something until it is decided about. Those of younger accounts do not.
REPORTS_TO_HIDE = count_from_env("REPORTS_TO_HIDE", 10)
REPORT_MIN_AGE = timedelta(days=1)

# --- Popularity ---------------------------------------------------------------------------------------
# So many likes make a post HOT, once and for all; so many, while it has them, one of the BEST.
HOT_LIKES = count_from_env("HOT_LIKES", 10)
BEST_LIKES = count_from_env("BEST_LIKES", 100)

# --- Anonymity of reviews and exam notes ----------------------------------------------------------------
# While fewer people have saved a course in a semester, what is written about that does not show which it is.
SAVERS_TO_SHOW_SEMESTER = count_from_env("SAVERS_TO_SHOW_SEMESTER", 5)

# --- Points -------------------------------------------------------------------------------------------
# What the first review and the first exam note of a course and semester earn, and what opening a note costs.
POINTS_FOR_REVIEW = count_from_env("POINTS_FOR_REVIEW", 10)
POINTS_FOR_EXAM_NOTE = count_from_env("POINTS_FOR_EXAM_NOTE", 20)
EXAM_NOTE_PRICE = count_from_env("EXAM_NOTE_PRICE", 5)

# --- Grades -------------------------------------------------------------------------------------------
# Of a course that was taken again, its `better` grade counts, or the `latest`.
GRADE_RETAKE = choice_from_env("GRADE_RETAKE", ("better", "latest"), "better")

# --- Keys, tokens and the cookie --------------------------------------------------------------------------
# Old keys are read by for a while, and nothing new is made with them.
SECRET_KEY_FALLBACKS: list[str] = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
# What stored hashes of addresses are made with. Unlike the others it is for good.
ADDRESS_HASH_KEY = env.str("ADDRESS_HASH_KEY", default="")
JWT_SIGNING_KEY = env.str("JWT_SIGNING_KEY", default="")
JWT_OLD_SIGNING_KEYS: list[str] = env.list("JWT_OLD_SIGNING_KEYS", default=[])
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "ISSUER": env.str("JWT_ISSUER", default="madang"),
    "AUDIENCE": env.str("JWT_AUDIENCE", default="madang"),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "USER_ID_CLAIM": "sub",
    # Seconds by which two hosts' clocks may differ.
    "LEEWAY": 5,
    "UPDATE_LAST_LOGIN": False,
}
# A client that lost the answer to a refresh may ask again with the old token for so long.
REFRESH_GRACE = timedelta(seconds=10)
REFRESH_COOKIE_SAMESITE = choice_from_env("REFRESH_COOKIE_SAMESITE", ("Strict", "Lax", "None"), "Strict")
# Browsers take a cookie for pages of other sites over HTTPS alone.
REFRESH_COOKIE_SECURE = REFRESH_COOKIE_SAMESITE == "None"
# For so long nobody may send the same text again. 0 lets them.
DUPLICATE_TEXT_SECONDS = count_from_env("DUPLICATE_TEXT_SECONDS", 60)

# --- The API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.SessionJWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.ActionThrottle"],
    "DEFAULT_THROTTLE_RATES": rates_from_env(),
    # How many proxies stand before gunicorn. 0 trusts no X-Forwarded-For, which any client can write.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    # OPTIONS is for CORS, which answers it first; what an endpoint takes is in the schema.
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 20,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.exception_handler.ExceptionHandler",
    "EXCEPTION_FORMATTER_CLASS": "api.exception_handler.ExceptionFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
    # Error codes are lists of their own, which the enum hook shall leave in place.
    "ERROR_COMPONENT_NAME_SUFFIX": "Error",
}
# --- Pages of other origins ---------------------------------------------------------------------------
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOWED_ORIGIN_REGEXES: list[str] = []
# For the refresh cookie. Nothing else in the API looks at cookies.
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = ["retry-after", "x-request-id"]

SPECTACULAR_SETTINGS = {
    "TITLE": "Madang",
    "DESCRIPTION": (
        "Madang (마당), a campus community: school boards, anonymous posts, nested comments, messages, "
        "notifications; blocks, reports and moderation that never tell who wrote anything; catalogues "
        "and timetables.\n\n"
        "Sign in with `auth/login/`, and send the access token as `Authorization: Bearer …`. Every error "
        "has one shape: `type`, and `errors` with `code`, `detail`, `attr` and `meta`. Lists are paged: "
        "follow `next` and `previous`. `Accept-Language: ko` or `en` chooses the language of the texts."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": True, "tryItOutEnabled": True},
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_standardized_errors.openapi_hooks.postprocess_schema_enums",
        "api.schema.finish_schema",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AmountEnum": "timetable.models.reviews.Review.Amount",
        "AttendanceEnum": "timetable.models.reviews.Review.Attendance",
        "AuthorKindEnum": "accounts.authors.AuthorKind",
        "CaseStateEnum": "accounts.models.moderation.ModerationCase.State",
        "ExamKindEnum": "timetable.models.exam_notes.ExamNote.Kind",
        "GradingEnum": "timetable.models.reviews.Review.Grading",
        "PointReasonEnum": "timetable.models.points.PointEntry.Reason",
        "ReasonEnum": "accounts.models.moderation.Reason",
        "SanctionKindEnum": "accounts.models.moderation.Sanction.Kind",
        "StateEnum": "api.targets.State",
    },
}

# --- Knowing what goes on --------------------------------------------------------------------------------
# How many queries a request took, and its time, in the header Server-Timing.
SERVER_TIMING = False

# --- Safety -------------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "api.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
