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
    BROKER_DIR = files.private_folder(DATA_DIR / "broker")
    SECRET_KEY = ENVIRONMENT.secret_key or files.kept_secret(DATA_DIR / "secret_key", files.new_secret_key)
    TOKEN_KEYS = ENVIRONMENT.token_keys or (files.kept_secret(DATA_DIR / "token_key", files.new_token_key),)
except ConfigurationError as problem:
    environment.refuse(problem)

DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
PORT = ENVIRONMENT.port
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
    "django_htmx",
    "csp",
    "aggregator",
    "providers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
CACHES = {"default": {**_cache, "KEY_PREFIX": _prefix}}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
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
}

# Ingest: a lease holds this long without a sign of life, which must outlast any single fetch; a task works this long
# at a run before it yields to others.
INGEST_LEASE_SECONDS = 150.0
INGEST_BUDGET_SECONDS = 25.0

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
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"]
    * bool(ENVIRONMENT.throttle_anon),
    "DEFAULT_THROTTLE_RATES": {"anon": ENVIRONMENT.throttle_anon or None},
    "NUM_PROXIES": len(TRUSTED_PROXIES) and 1,
}

# Words to people -------------------------------------------------------------------------------------------

_email = ENVIRONMENT.email
EMAIL_BACKEND = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}[_email.backend]
EMAIL_FILE_PATH = _email.path or None
EMAIL_HOST, EMAIL_PORT = _email.host or "localhost", _email.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email.user, _email.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.use_tls, _email.use_ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.default_from_email
ADMINS = [("Operator", OPERATOR_EMAIL)] if OPERATOR_EMAIL else []

LOGGING = logs.configuration(DEBUG)
