"""Django's settings: one file, driven by the environment, with defaults that need no server."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from posture.common import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(
    env.text(
        "POSTURE_DATA_DIR",
        str(BASE_DIR / "data"),
        "Folder of all state: database, queue, mirrors, keys. Made with mode 0700.",
    )
).expanduser()


def _secret_key() -> str:
    """Return the signing key: from the environment, else from the data folder, made at first use.

    Where the folder can't be written (a `scan` without an installation) the key lives only as long as the process.
    """
    given = env.text("POSTURE_SECRET_KEY", "", "Key of sessions and links. Empty: made in the data folder.")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    try:
        if path.exists():
            return path.read_text(encoding="ascii").strip()
        if not DATA_DIR.is_dir():
            return secrets.token_urlsafe(50)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_urlsafe(50)
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(key)
    return key


SECRET_KEY = _secret_key()
DEBUG = env.flag("POSTURE_DEBUG", False, "Show error details in the browser. Never in production.")
BIND = env.text("POSTURE_BIND", "127.0.0.1:8000", "Address and port of the web server.")
ORIGIN = env.text(
    "POSTURE_ORIGIN", f"http://{BIND}", "Address under which people reach the product; sign-in links begin with it."
).rstrip("/")
SECURE = ORIGIN.startswith("https://")
ALLOWED_HOSTS = env.names(
    "POSTURE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names that the web server answers to, comma-separated."
)
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN.startswith(("http://", "https://")) else []
REPOSITORY_ROOTS = [
    Path(part).expanduser()
    for part in env.names(
        "POSTURE_REPOSITORY_ROOTS",
        "",
        "Folders under which repositories may be added from the web, colon-separated.",
        separator=":",
    )
]
CREDENTIAL_DIR = Path(
    env.text(
        "POSTURE_CREDENTIAL_DIR",
        str(DATA_DIR / "credentials"),
        "Folder that `file:NAME` credential references read from.",
    )
)
INTERNAL_HOSTS = env.hosts(
    "POSTURE_INTERNAL_HOSTS",
    "Hosts inside your network that sources added in the browser may name: host names, addresses or ranges such as "
    "`10.2.0.0/16`, comma-separated. Only these may be named with http://, which sends credentials in clear.",
)
CA_FILE = env.text(
    "POSTURE_CA_FILE",
    "",
    "File of your own certificate authorities (PEM), trusted beside the system's when cloning over https.",
)
SSH_CONFIG = env.text(
    "POSTURE_SSH_CONFIG",
    "",
    "Configuration of ssh for clone addresses: keys, known hosts. Empty: that of the worker's user.",
)
FINGERPRINT_KEY_FILE = Path(
    env.text(
        "POSTURE_FINGERPRINT_KEY_PATH",
        str(DATA_DIR / "fingerprint.key"),
        "File of the fingerprint key. Back it up apart from the database.",
    )
)
AUDIT_KEY_FILE = Path(
    env.text(
        "POSTURE_AUDIT_KEY_PATH",
        str(DATA_DIR / "audit.key"),
        "File of the audit trail's keys, one a line; the last one writes. Back it up apart from the database.",
    )
)
AUDIT_ANCHOR_DIR = Path(
    env.text(
        "POSTURE_AUDIT_ANCHOR_DIR",
        str(DATA_DIR / "anchors"),
        "Folder of the audit trail's anchors, best on another machine's disk.",
    )
)
WORKSPACE_DIR = DATA_DIR / "mirrors"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
# The folder is made when the first upload comes; the product starts on an empty data folder.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "inventory.upload_handler.PrivateUploadHandler",
]
LEASE_SECONDS = env.number(
    "POSTURE_LEASE_SECONDS", 60, "Seconds after which a silent worker's job is done again.", least=1
)
# An asset that kills its worker each time is given up after this many tries, and shown (SECURITY J7).
ATTEMPTS = 3
DUE_SECONDS = env.number("POSTURE_DUE_SECONDS", 5, "Seconds between two looks for work that is due.", least=1)
WORKERS = env.number("POSTURE_WORKERS", 2, "Collections that run at the same time on this machine.", least=1)
FRESHNESS_HOURS = env.number(
    "POSTURE_FRESHNESS_HOURS", 24, "Hours after which an asset not read again counts as not known.", least=1
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_cotton",
    "csp",
    "posture.audit",
    "posture.notify",
    "posture.accounts",
    "inventory",
    "posture.incidents",
    "posture.scoring",
    "posture.dashboards",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "posture.accounts.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "posture.audit.middleware.AuditMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "posture.accounts.middleware.PrivatePagesMiddleware",
]
ROOT_URLCONF = "posture.urls"
WSGI_APPLICATION = "posture.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "posture.dashboards.navigation.navigation",
            ],
        },
    }
]
COTTON_DIR = "cotton"

_DATABASE_URL = env.text("DATABASE_URL", "", "PostgreSQL address. Empty: SQLite in the data folder.")
if _DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(_DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        DATABASES["default"]["OPTIONS"] = {
            "connect_timeout": 5,
            "options": "-c statement_timeout=60000 -c lock_timeout=20000",
        }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "posture.sqlite3"),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;",
            },
            # A file, so that the browser tests' server threads see the same database.
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # ASVS 5.0 6.2.1 asks for 8 at least and recommends 15.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "dashboards:overview"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https")
    if env.flag("POSTURE_BEHIND_PROXY", False, "Trust X-Forwarded-Proto, set by your own proxy.")
    else None
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "posture" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "posture.dashboards.static.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

API_RATE = env.number(
    "POSTURE_API_RATE",
    600,
    "Requests a minute that one person may make of the API, with all their tokens together. 0: any number.",
)
REST_FRAMEWORK = {
    "DEFAULT_THROTTLE_CLASSES": ["posture.api.rate.CallerRate"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "posture.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["posture.accounts.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "posture.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "posture.api.explain",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Secrets Posture",
    "DESCRIPTION": "Everything that the pages show, limited to what the caller may see.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "CapabilityEnum": "inventory.api.principals.CAPABILITIES",
        "ExemptionStateEnum": "inventory.api.exemptions.STATES",
        "PrincipalKindEnum": "inventory.api.principals.KINDS",
        "StateEnum": "inventory.models.secrets.Version.State",
    },
}

CELERY_BROKER_URL = env.text(
    "CELERY_BROKER_URL", "filesystem://", "Message broker, such as redis://host/0. Default: files in the data folder."
)
if CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    # Where there is a Redis, all web processes count together.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CELERY_BROKER_URL,
            "KEY_PREFIX": "posture",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
QUEUE_DIR = DATA_DIR / "queue"
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
    }
else:
    # Above the longest unit of work; the rows, not the broker, decide what is done again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_interval": 30,
        "unacked_restore_throttle": 1,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # The row is done again by its lease; a second message would only be noise.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds until a killed pool process is given up; its row is done again by its lease in any case.
CELERY_WORKER_LOST_WAIT = 2.0
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "look for due work": {
        "task": "inventory.tasks.dispatch_due",
        "schedule": float(DUE_SECONDS),
        "options": {"expires": float(DUE_SECONDS * 4)},
    },
    "watch the audit trail": {
        "task": "posture.tasks.watch_audit",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "tidy up": {"task": "posture.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "send messages": {
        "task": "posture.notify.tasks.send_messages",
        "schedule": float(DUE_SECONDS),
        "options": {"expires": float(DUE_SECONDS * 4)},
    },
    "forget old messages": {
        "task": "posture.notify.tasks.forget_old_messages",
        "schedule": 86_400.0,
        "options": {"expires": 3600.0},
    },
    "recompute what changed": {
        "task": "posture.tasks.advance_pipeline",
        "schedule": float(DUE_SECONDS * 2),
        "options": {"expires": float(DUE_SECONDS * 8)},
    },
}

SMTP_URL = env.text(
    "POSTURE_SMTP_URL",
    "",
    "Mail server: `smtp+starttls://mail.example.org`, or `smtps://…` for TLS from the start. Empty: no mail is sent.",
)
SMTP_CREDENTIAL = env.text(
    "POSTURE_SMTP_CREDENTIAL",
    "",
    "Name of the mail server's credential, `env:POSTURE_CREDENTIAL_NAME` or `file:NAME`; it holds `user:password`.",
)
MAIL_FROM = env.text("POSTURE_MAIL_FROM", "Secrets Posture <posture@localhost>", "Sender of mail.")
WEBHOOKS_PATH = env.text("POSTURE_WEBHOOKS_PATH", "", "File of the webhooks that are told, in TOML; see Messages.")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "posture.common.logs.JSONLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("POSTURE_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")},
}
