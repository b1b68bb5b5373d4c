"""Django's settings, made from the ones in `env.py`. Starts nothing and asks nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from quarterhour.config import captions, logs
from quarterhour.config.env import LOCAL, BadSetting, database_from, kept_secret, read_settings
from quarterhour.config.postgres.ready import socket_url

GIVEN = read_settings()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = GIVEN["QUARTERHOUR_HOME"]
MODE = GIVEN["QUARTERHOUR_MODE"]
DEBUG = False  # pages for people in every mode; tracebacks belong to the log
DEMO = MODE == "demo"
SHOW_DESIGN = MODE != "production"

SITE_URL = GIVEN["QUARTERHOUR_URL"].rstrip("/")
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
_public = _site.port or (443 if HTTPS else 80)
PORT = GIVEN["QUARTERHOUR_PORT"] or _public
ROOMS_PORT = GIVEN["QUARTERHOUR_PORT"] and GIVEN["QUARTERHOUR_PORT"] + 1
REALTIME_URL = GIVEN["QUARTERHOUR_REALTIME_URL"].rstrip("/") or (
    f"{'wss' if HTTPS else 'ws'}://{_site.hostname}:{_public + 1}"
)
BIND = GIVEN["QUARTERHOUR_BIND"]
PROXIES = GIVEN["QUARTERHOUR_PROXIES"]
WORKERS = GIVEN["QUARTERHOUR_WORKERS"]

if MODE == "production":
    if len(GIVEN["QUARTERHOUR_SECRET"]) < 32:  # noqa: PLR2004
        raise BadSetting(
            "QUARTERHOUR_SECRET is missing or shorter than 32 characters. In production, set a long random one."
        )
    if not HTTPS:
        raise BadSetting(
            f'QUARTERHOUR_URL is "{SITE_URL}". In production it starts with https://, so that nobody reads along.'
        )
SECRET_KEY = GIVEN["QUARTERHOUR_SECRET"] or kept_secret(HOME)
ALLOWED_HOSTS = [_site.hostname, *GIVEN["QUARTERHOUR_HOSTS"]]
if not HTTPS:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "template_partials",
    "django_htmx",
    "csp",
    "quarterhour.core",
    "quarterhour.people",
    "quarterhour.availability",
    "quarterhour.needs",
    "quarterhour.sessions",
    "quarterhour.advice",
    "quarterhour.trust",
    "quarterhour.matching",
    "quarterhour.notifications",
    "quarterhour.assistant",
    "quarterhour.web",
    "quarterhour.config",
]

MIDDLEWARE = [
    "quarterhour.web.middleware.Refusals",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quarterhour.web.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quarterhour.web.middleware.Here",
]

ROOT_URLCONF = "quarterhour.config.urls"
WSGI_APPLICATION = "quarterhour.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "quarterhour.web.templatetags.quarterhour",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "quarterhour.web.context.surroundings",
            ],
        },
    }
]

DATABASES = {"default": database_from(GIVEN["DATABASE_URL"] or socket_url(HOME))}
DATABASES["default"] |= {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] |= {"application_name": "quarterhour"}
# The address is unique by a constraint that ignores case.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "front:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever enters by a mail link has shown that the address is theirs
ACCOUNT_ADAPTER = "quarterhour.web.people.adapter.AccountAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = None  # WhiteNoise serves from where the files are
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "quarterhour.web.refusals.csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        # style="--part: 0.4" carries data; the pitfall list of the stack page has the reason.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, REALTIME_URL],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

MAIL_FROM = GIVEN["QUARTERHOUR_MAIL_FROM"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_TIMEOUT = 10
MAIL_FOLDER = HOME / "mail"
_mail = urlsplit(GIVEN["QUARTERHOUR_MAIL"])
if _mail.scheme in {"smtp", "smtps"}:
    EMAIL_BACKEND = "quarterhour.notifications.smtp.DeadlineBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.port == 587  # noqa: PLR2004 - the submission port speaks STARTTLS
else:
    EMAIL_BACKEND = "quarterhour.notifications.folder.FolderBackend"
    if _mail.path:
        MAIL_FOLDER = Path(_mail.path)

MODEL = GIVEN["QUARTERHOUR_MODEL"]
MODEL_THREADS = GIVEN["QUARTERHOUR_MODEL_THREADS"]
STUN = GIVEN["QUARTERHOUR_STUN"]
TURN = GIVEN["QUARTERHOUR_TURN"]
TURN_SECRET = GIVEN["QUARTERHOUR_TURN_SECRET"]
SFU_URL = GIVEN["QUARTERHOUR_SFU_URL"]
SFU_SECRET = GIVEN["QUARTERHOUR_SFU_SECRET"]
COMPANIONS = GIVEN["QUARTERHOUR_COMPANIONS"]

ASSISTANT_URL = GIVEN["QUARTERHOUR_ASSISTANT_URL"]
ASSISTANT_KEY = GIVEN["QUARTERHOUR_ASSISTANT_KEY"]
ASSISTANT_MODEL = GIVEN["QUARTERHOUR_ASSISTANT_MODEL"]
CAPTIONS_LOCAL = GIVEN["QUARTERHOUR_CAPTIONS_URL"] == LOCAL  # written down by a process beside the rooms
CAPTIONS_PORT = captions.port_beside(PORT)
CAPTIONS_URL = captions.address(CAPTIONS_PORT) if CAPTIONS_LOCAL else GIVEN["QUARTERHOUR_CAPTIONS_URL"]
CAPTIONS_KEY = GIVEN["QUARTERHOUR_CAPTIONS_KEY"]
CAPTIONS_MODEL = GIVEN["QUARTERHOUR_CAPTIONS_MODEL"]
FETCH_ALLOWED = GIVEN["QUARTERHOUR_FETCH_ALLOWED"]
KEEP = timedelta(days=GIVEN["QUARTERHOUR_KEEP_DAYS"])

# Default policy, as PRODUCT states it. All in minutes unless the name says otherwise.
POLICY = {
    "lengths": (15, 25, 30, 45, 60),
    "hold": 10,
    "waitlist_hold": 15,
    "answer_within": 48 * 60,
    "lobby_opens": 10,
    "lobby_closes": 15,
    "late_cancellation": 180,
    "more": 10,  # minutes, by consent, in the last three
    "open_asks": 3,
    "asks_a_week": 5,
    "parallel_asks": 3,  # of one question
    "nudge_after": 24 * 60,
    "offer_lasts": 24 * 60,  # other times, for the mentee to choose
    "silent_asks": 2,  # in a row, and the mentor is paused
    "fair_to_answer": 3 * 60,  # shorter ones are not held against anybody
    "mail_link": 30,
    "draft": 60,
    # Now, in seconds where it is not said otherwise.
    "now_wave": 45,
    "now_presses": 6,  # in an hour
    "present": 90,
    "place_lasts": 30,  # minutes without a sign of life
    "on_call_most": 240,  # minutes
    "on_call_silent": 900,
    "on_call_misses": 3,
    # Reports, in days.
    "report_days": 2,  # by when one is looked at, and an appeal as well
    "report_appeal_days": 14,  # for whoever was judged to answer
    "report_keep_days": GIVEN["QUARTERHOUR_REPORT_DAYS"],  # after the last decision, then its evidence is erased
}

LOGGING_CONFIG = None
logs.configure(GIVEN["QUARTERHOUR_LOG"], readable=MODE != "production")
