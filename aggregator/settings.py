"""All settings, from the environment alone. A wrong value ends the process with one line and exit code 2.

Part of the composition root: the only settings module, and one of the few that may name ``providers``.
"""

import os
from pathlib import Path
from typing import Any

from aggregator import environment, logs, version
from aggregator.environment import files, values
from aggregator.provider import ConfigurationError
from providers import registry

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    _surroundings = files.load_env_file(os.environ, BASE_DIR)
    ENVIRONMENT = environment.read(_surroundings, BASE_DIR)
    PROVIDERS = registry.configure(_surroundings)
    VAR_DIR = files.private_folder(ENVIRONMENT.var_dir)
    # The demo keeps everything of its own: rows, messages, cache and secrets.
    DATA_DIR = files.private_folder(VAR_DIR / "demo") if ENVIRONMENT.demo else VAR_DIR
    CACHE_DIR = files.private_folder(DATA_DIR / "cache")
    PICTURES_DIR = files.private_folder(DATA_DIR / "pictures")
    BROKER_DIR = files.private_folder(DATA_DIR / "broker")
    SECRET_KEY = ENVIRONMENT.secret_key or files.kept_secret(DATA_DIR / "secret_key", files.new_secret_key)
    TOKEN_KEYS = ENVIRONMENT.token_keys or (files.kept_secret(DATA_DIR / "token_key", files.new_token_key),)
except ConfigurationError as problem:
    environment.refuse(problem)

DEBUG = ENVIRONMENT.debug
DEFAULT_EXCEPTION_REPORTER = "aggregator.reports.Reporter"
DEMO = ENVIRONMENT.demo
PORT = ENVIRONMENT.port
REDIS_URL = ENVIRONMENT.redis_url
THROTTLE_ANON = ENVIRONMENT.throttle_anon
SITE_URL = ENVIRONMENT.site_url
OPERATOR_EMAIL = ENVIRONMENT.operator_email
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
MAP_TILES_URL = ENVIRONMENT.map_tiles_url
VERSION = version.commit(BASE_DIR)
_secure = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "aggregator",
    "providers",
    "planner",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aggregator.api.gate.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "aggregator.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "planner.anonymous.AdoptPlan",
]

ROOT_URLCONF = "aggregator.urls"
WSGI_APPLICATION = "aggregator.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Storage ---------------------------------------------------------------------------------------------------

_embedded = values.Database("sqlite", str(DATA_DIR / "marquee.sqlite3"))
DATABASES = {
    "default": values.django_database(ENVIRONMENT.database or _embedded, str(DATA_DIR / "test.sqlite3")),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The demo shares no key with anything else, even in one and the same Redis.
_prefix = "marquee-demo" if DEMO else "marquee"
_cache: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": str(CACHE_DIR),
    "OPTIONS": {"MAX_ENTRIES": 2000},
}
if ENVIRONMENT.redis_url:
    _cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.redis_url}
# A file-based cache drops entries at random once it is full. What every visitor can fill stands apart from the marks
# that tell search which words it knows: without them every process reads a hundred thousand words again.
CACHES = {"default": {**_cache, "KEY_PREFIX": _prefix}}
for _name in ("vocabulary", "tiles"):
    CACHES[_name] = {**CACHES["default"]}
    if not ENVIRONMENT.redis_url:
        CACHES[_name]["LOCATION"] = str(CACHE_DIR / _name)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.is_dir()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "aggregator.assets.LeafletFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Any storage of Django's will do; visitors never see where it is.
    "pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PICTURES_DIR)},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Hints: see DESIGN on why nothing but the database is trusted to remember ----------------------------------

CELERY_BROKER_URL = ENVIRONMENT.redis_url or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"global_keyprefix": f"{_prefix}:", "visibility_timeout": 600, "socket_connect_timeout": 2}
    if ENVIRONMENT.redis_url
    else {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "polling_interval": 0.25,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 330
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# SQLite has room for one writer.
CELERY_WORKER_CONCURRENCY = 1 if DATABASES["default"]["ENGINE"] == "aggregator.sqlite" else 2
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
TICK_TASK = "providers.tasks.tick"
TICK_EXPIRES = 25.0
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": TICK_TASK, "schedule": 30.0, "options": {"expires": TICK_EXPIRES}},
    "planner": {"task": "planner.tasks.tick", "schedule": 30.0, "options": {"expires": TICK_EXPIRES}},
}

# Ingest: a lease holds this long without a sign of life, which must outlast any single fetch; a task works this long
# at a run before it yields to others.
INGEST_LEASE_SECONDS = 150.0
INGEST_BUDGET_SECONDS = 25.0

# Pictures: a task works this long at them before it yields to others.
IMAGE_DISK_BYTES = ENVIRONMENT.image_disk_mb * 1024 * 1024
IMAGE_BUDGET_SECONDS = 10.0

# Outgoing webhooks go to public addresses over HTTPS; tests name an exact origin of their own here.
WEBHOOK_ALLOWED_ORIGINS: tuple[str, ...] = ()
WEBHOOK_BUDGET_SECONDS = 20.0

# Time and tongue -------------------------------------------------------------------------------------------

TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sv", "Svenska"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]

# The edge --------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
# The proxy redirects to https, and whether subdomains follow is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("style", "script", "img", "font", "connect", "manifest")},
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Marquee",
    "DESCRIPTION": "Cultural events of several providers: what, when, where, and whether tickets are left. "
    "Read-only, open to anybody, incremental. See docs/api.md.",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["aggregator.api.schema.add_components", "planner.api.described.add_components"],
}

# The API may be read from any page, without cookies; what belongs to a user may not.
CORS_URLS_REGEX = r"^/api/v1/(?!me(/|$))"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "if-modified-since", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    *("Changes-Cursor", "ETag", "Last-Modified", "Link", "Retry-After", "RateLimit", "RateLimit-Policy"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
]
CORS_PREFLIGHT_MAX_AGE = 86_400

# Accounts: everything but these words is in aggregator.accounts --------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",  # the operator, by name
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_overview"
SESSION_COOKIE_AGE = 30 * 24 * 3600
ACCOUNT_USER_DISPLAY = lambda user: user.email or user.get_username()  # noqa: E731  allauth takes no path here
ACCOUNT_ADAPTER = "aggregator.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _secure else "http"
MFA_ADAPTER = "aggregator.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Marquee"
# Browsers themselves allow passkeys without TLS on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure

# Words to people -------------------------------------------------------------------------------------------

_email = ENVIRONMENT.email
EMAIL_BACKEND = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}[_email.backend]
# The demo keeps its mail where its outbox page finds it.
_outbox = str(files.private_folder(DATA_DIR / "mail")) if DEMO and _email.backend == "console" else ""
if _outbox:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = _outbox or _email.path or None
EMAIL_HOST, EMAIL_PORT = _email.host or "localhost", _email.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email.user, _email.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.use_tls, _email.use_ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.default_from_email
ADMINS = [("Operator", OPERATOR_EMAIL)] if OPERATOR_EMAIL else []

LOGGING = logs.configuration(DEBUG)
