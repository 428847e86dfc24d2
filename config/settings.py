"""Settings. Everything a deployment chooses comes from the environment (config/environment.py lists it)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config.databases import SECURITY, databases_of
from config.environment import BASE_DIR as BASE_DIR
from config.environment import (
    LOCAL,
    VAR_DIR,
    address_of_site,
    flag,
    hosts,
    names,
    networks,
    note_name,
    number,
    secret,
    text,
    token,
    verifier_keys,
)
from config.logs import logging_of

SECRET_KEY = secret("SECRET_KEY")
API_KEY_PEPPER = secret("API_KEY_PEPPER")
DEBUG = False
ALLOWED_HOSTS = hosts("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = names("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "registry",
    "config.admin.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    # Outermost: it sees every answer as it leaves.
    "registry.api.watching.WatchingMiddleware",
    # Before all others, so that every answer has the request's id; it asks for the user only later.
    "registry.ledger.middleware.LedgerMiddleware",
    # Before whatever logs the address, redirects to it or repeats it.
    "registry.api.key_in_address.KeyInAddressMiddleware",
    "registry.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "registry.admin.sessions.Sessions",
    "registry.admin.sessions.SessionsEnd",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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

DATABASES = databases_of(
    text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'registry.sqlite3'}", conn_max_age=number("CONN_MAX_AGE")
)
DATABASE_ROUTERS = ["config.databases.Router"] if SECURITY in DATABASES else []
BACKUP_DIR = Path(text("BACKUP_DIR") or VAR_DIR / "backups")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "registry.admin.log_ins.PasswordsAreNoted"},
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "registry.admin.auditors.Rights",
]
# One name at one address: a stranger elsewhere cannot lock the office out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = number("LOGIN_FAILURES", least=1)
AXES_COOLOFF_TIME = timedelta(minutes=number("LOGIN_LOCK_MINUTES", least=1))
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "registry.admin.lockout.place_of"
AXES_HANDLER = "registry.admin.lock_releases.Handler"
AXES_USERNAME_CALLABLE = "registry.admin.lockout.name_of"
AXES_LOCKOUT_CALLABLE = "registry.admin.lockout.locked_page"
# Failures are forgotten when they no longer count; what stays is noted as security events (registry/admin/log_ins.py).
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken", "next"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

FORM_RENDERER = "registry.admin.rendering.InputRenderer"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
if not LOCAL:
    # Each file under a name of its content: browsers keep it for ever, and a new release has new names.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
WHITENOISE_USE_FINDERS = LOCAL

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

HTTPS = flag("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
# Whoever watches over the server asks it directly.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
TRUSTED_PROXIES = number("TRUSTED_PROXIES")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = number("SESSION_IDLE_MINUTES", least=1) * 60
SESSION_HOURS = number("SESSION_HOURS", least=1)
CSRF_COOKIE_SECURE = HTTPS
# A form refused for its session is offered again with everything typed.
CSRF_FAILURE_VIEW = "registry.admin.resend.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Every list of a form may have a thousand rows (registry/admin/site.py), and those of a decision fifteen fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000

CHECKPOINT_KEY_FILE = text("CHECKPOINT_KEY_FILE") or (str(VAR_DIR / "checkpoint_key.pem") if LOCAL else "")
CHECKPOINT_ORIGIN = note_name("CHECKPOINT_ORIGIN")
CHECKPOINT_VERIFIER_KEYS = verifier_keys("CHECKPOINT_VERIFIER_KEYS")

# Reading without a key: closed unless a deployment opens it.
ANONYMOUS_READING = flag("ANONYMOUS_READING")
REQUESTS_PER_MINUTE = number("REQUESTS_PER_MINUTE")
ANONYMOUS_REQUESTS_PER_MINUTE = number("ANONYMOUS_REQUESTS_PER_MINUTE")
# Web pages of other origins whose scripts may read the API: none unless a deployment names them.
CORS_ORIGINS = names("CORS_ORIGINS")
# The office that approves, as the public history names it: readers learn no names of persons.
PUBLISHING_OFFICE = text("PUBLISHING_OFFICE")
# What webhooks say where to read again; there is no request whose host could be taken.
PUBLIC_URL = address_of_site("PUBLIC_URL", hosts=ALLOWED_HOSTS, https=HTTPS)
WEBHOOK_PRIVATE_TARGETS = flag("WEBHOOK_PRIVATE_TARGETS")
# Whether clusters, investors and the like also need a second person; decisions always do.
TWO_PERSON_KINDS = frozenset({"decision", *names("TWO_PERSON_KINDS")})

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # `format` is a parameter of lists (registry/api/exports.py), elsewhere unknown like any other.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Hải Phòng industrial cluster registry",
    "DESCRIPTION": "Read-only. What the registry says of the city's industrial clusters and of the decisions about "
    "them, on any day (valid_on) and as published by any moment (known_at). Codes: docs/api/codes.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # As the addresses and the views list them: what readers ask for most comes first.
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    # Not the stock hook: lists of codes stand where they are used, since two of them may share a field's name.
    "POSTPROCESSING_HOOKS": [
        "registry.api.operations.share_refusals",
        "registry.api.operations.link_records",
        "registry.api.operations.tell_of_parts",
    ],
}

# Nothing is sent without a mail server, and to nobody who is not named.
EMAIL_HOST = text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = number("EMAIL_PORT", least=1)
EMAIL_USE_TLS = flag("EMAIL_TLS")
EMAIL_HOST_USER = text("EMAIL_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_PASSWORD")
DEFAULT_FROM_EMAIL = text("EMAIL_FROM") or f"registry@{urlsplit(PUBLIC_URL).hostname}"
EMAIL_TIMEOUT = 10
NOTICE_TO = names("NOTICE_TO")

# Nobody reads /metrics unless one of these opens it; nothing is counted meanwhile.
METRICS_TOKEN = token("METRICS_TOKEN")
METRICS_ADDRESSES = networks("METRICS_ADDRESSES")
LOGGING = logging_of(level=text("LOG_LEVEL"), json=flag("LOG_JSON"), requests=flag("LOG_REQUESTS"))
