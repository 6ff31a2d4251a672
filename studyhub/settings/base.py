"""Settings every environment shares. What differs between machines is read from the environment
here, once."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab

from studyhub.core.logs import configure_logs
from studyhub.settings.channel_addresses import channel_bases
from studyhub.settings.files import file_storage
from studyhub.settings.mail import mail_settings

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("STUDYHUB_VAR", default=str(BASE_DIR / "var"))).resolve()

for _folder in (VAR_DIR, VAR_DIR / "broker" / "queue", VAR_DIR / "broker" / "control"):
    _folder.mkdir(parents=True, exist_ok=True)

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("STUDYHUB_PUBLIC_URL", default=f"http://{HOST}:{PORT}").rstrip("/")
WAGTAILADMIN_BASE_URL = PUBLIC_URL

# The demo's own secrets. Production refuses to start with them (settings/production.py).
DEMO_SECRET_KEY = "demo-only-demo-only-demo-only-demo-only-demo-only-demo-only"
DEMO_FIELD_KEY = "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMDA="
SECRET_KEY = env.str("STUDYHUB_SECRET_KEY", default="").strip() or DEMO_SECRET_KEY
SECRET_KEY_FALLBACKS = [k for k in env.list("STUDYHUB_SECRET_KEY_FALLBACKS", default=[]) if k]
FIELD_KEYS = [
    key.strip() for key in env.list("STUDYHUB_FIELD_KEYS", default=[]) if key.strip()
] or [DEMO_FIELD_KEY]

DEBUG = False
ALLOWED_HOSTS = env.list(
    "STUDYHUB_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", HOST]
)
SANDBOX = True  # the channel sandbox is mounted; production sets False
DEMO_ALLOWED = True

INSTALLED_APPS = [
    "content",
    "studyhub.core",
    "studyhub.organisation",
    "studyhub.people",
    "studyhub.records",
    "studyhub.learning",
    "studyhub.channels",
    "studyhub.packs",
    "studyhub.webhooks",
    "studyhub.backup",
    "studyhub.setup",
    "studyhub.api",
    "studyhub.web",
    "studyhub.stored_pages",
    "studyhub.demo",
    "studyhub.sandbox",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail.api.v3",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_structlog",
    "django_prometheus",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "studyhub.api.problems.ProblemDocuments",
    "studyhub.api.heads.AnswersHead",
    "django.middleware.security.SecurityMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "studyhub.stored_pages.middleware.ServesStoredPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "studyhub.web.signed_in.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # An address that was printed, posted or kept leads to where the page stands now.
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "studyhub.web.policy.ContentSecurityPolicy",
    "studyhub.web.questions.RefusesBadQuestions",
    "studyhub.web.files_away.SaysFilesAreAway",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "studyhub.urls"
WSGI_APPLICATION = "studyhub.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            BASE_DIR / "templates",
            # The look of an article belongs to the adapter of its platform.
            *sorted((BASE_DIR / "studyhub" / "channels" / "adapters").glob("*/templates")),
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database: SQLite in WAL mode is the embedded default, PostgreSQL the real thing ---
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'studyhub.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("STUDYHUB_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        # Take the write lock at BEGIN: a read that turns into a write half-way fails at once
        # instead of waiting.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache ---
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 3600},
    # What a worker tells a page while its transaction is open: seen by every process.
    "shared": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "shared-cache"),
        }
    ),
    # What follows from a process's own code: during a deployment two versions answer side by side.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
    },
}

# --- Background work ---
_BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 600}
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "queue"),
        "data_folder_out": str(_BROKER_DIR / "queue"),
        "control_folder": str(_BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
# Films take a core for a minute: a worker of their own, one at a time (docs/operations.md).
CELERY_TASK_ROUTES = {"content.videos.queue.render_video": {"queue": "videos"}}
# Scenes of films, kept by each machine for itself until nothing uses them.
VIDEO_FOLDER = VAR_DIR / "video-scenes"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "worker-heartbeat": {"task": "studyhub.core.tasks.beat_worker", "schedule": 10.0},
    "sweep-deliveries": {"task": "studyhub.channels.tasks.sweep_deliveries", "schedule": 30.0},
    "sweep-callbacks": {"task": "studyhub.channels.tasks.sweep_callbacks", "schedule": 30.0},
    "forget-callbacks": {
        "task": "studyhub.channels.tasks.forget_callbacks",
        "schedule": crontab(hour=3, minute=45),
    },
    # After 08:00, when the platform has reckoned the day before; again until it has told.
    "count-reads": {
        "task": "studyhub.channels.tasks.count_reads",
        "schedule": crontab(hour="8-22", minute=20),
    },
    "build-packs": {
        "task": "studyhub.packs.tasks.build_all",
        "schedule": crontab(hour=4, minute=10),
    },
    "sweep-webhooks": {"task": "studyhub.webhooks.tasks.sweep_messages", "schedule": 30.0},
    "tell-deliveries": {"task": "studyhub.webhooks.tasks.tell_deliveries", "schedule": 30.0},
    "forget-webhooks": {
        "task": "studyhub.webhooks.tasks.forget_messages",
        "schedule": crontab(hour=3, minute=50),
    },
    "sweep-rosters": {"task": "studyhub.people.tasks.sweep_rosters", "schedule": 30.0},
    "clear-sessions": {
        "task": "studyhub.people.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=40),
    },
    "sweep-packs": {"task": "studyhub.packs.tasks.sweep_packs", "schedule": 60.0},
    "look-at-files": {
        "task": "content.tasks.look_at_all_files",
        "schedule": crontab(hour=4, minute=40),
    },
    "sweep-pages": {"task": "studyhub.stored_pages.tasks.sweep_pages", "schedule": 30.0},
    "render-pages": {
        "task": "studyhub.stored_pages.tasks.render_anew",
        "schedule": crontab(hour=4, minute=50),
    },
    "fold-counts": {"task": "studyhub.learning.tasks.fold_counts", "schedule": 30.0},
    "repair-counts": {
        "task": "studyhub.learning.tasks.repair_drift",
        "schedule": crontab(hour=2, minute=50),
    },
    "sweep-videos": {"task": "content.tasks.sweep_videos", "schedule": 30.0},
    "forget-old-videos": {
        "task": "content.tasks.forget_old_videos",
        "schedule": crontab(hour=3, minute=50),
    },
    "forget-word-files": {"task": "content.tasks.forget_word_files", "schedule": 3600.0},
    "turn-the-day": {"task": "content.tasks.turn_the_day", "schedule": 60.0},
    "scheduled-publishing": {"task": "content.tasks.publish_scheduled", "schedule": 60.0},
}

# --- People and sign-in ---
WAGTAILAPI_TOKEN_LAST_USED_INTERVAL = 3600  # seconds between two notes of a token's use
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["studyhub.people.backends.PatientBackend"]
# How many proxies of ours add the caller's address to X-Forwarded-For; 0: nobody does.
TRUSTED_PROXIES = env.int("STUDYHUB_TRUSTED_PROXIES", default=0)
NINJA_NUM_PROXIES = TRUSTED_PROXIES
# Roles (by the names of the contract) that sign in with two steps or not at all; members never do.
OFFICES = (
    "admin",
    "orgadmin",
    "editor",
    "reviewer",
    "translator",
    "publisher",
    "leader",
    "liaison",
)
SECOND_FACTOR_ROLES = env.list("STUDYHUB_SECOND_FACTOR_ROLES", default=["admin", "orgadmin"])
# How often who looks after a member gets in touch: the law says "regularly", usual is monthly.
CONTACT_RULE = {
    "days": env.int("STUDYHUB_CONTACT_DAYS", default=31),
    "source": "《中国共产党党员教育管理工作条例》第二十九、三十三条要求经常联系，各地多为每月一次",
}
RETURNING_WITHIN = 8  # weeks ahead that the list of who comes home looks
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = "/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/login/"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "studyhub.web.views.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview frames its own pages
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# A line of the ledger is fresh for so many days after somebody confirmed or changed it.
LEDGER_FRESH_DAYS = env.int("STUDYHUB_LEDGER_FRESH_DAYS", default=90)

# --- Mail: where none is set, nothing is sent and nobody is offered any ---
EMAIL_URL = env.str("EMAIL_URL", default="").strip()
vars().update(mail_settings(EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env.str("STUDYHUB_MAIL_FROM", default="") or f"studyhub@{urlsplit(PUBLIC_URL).hostname}"
)
WAGTAIL_PASSWORD_RESET_ENABLED = bool(EMAIL_URL)

# --- Language and time ---
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "studyhub" / "locale"]  # what Wagtail leaves in English
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
USE_TZ = True

# --- Files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Backups and the ledger of erasures; better on another disk than what is backed up.
BACKUP_DIR = Path(env.str("STUDYHUB_BACKUP_DIR", default="") or VAR_DIR / "backups").resolve()
# The public key (age1…) that backups are encrypted for; empty: they are not.
BACKUP_KEY = env.str("STUDYHUB_BACKUP_KEY", default="").strip()
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# nginx's internal location for the folder above, say /stored-media/; empty: Django sends the bytes.
MEDIA_SENT_FROM = env.str("STUDYHUB_MEDIA_SENT_FROM", default="")
STORAGES = {
    "default": file_storage(env),
    "staticfiles": {"BACKEND": "studyhub.web.storage.StaticStorage"},
}
# Public pages are rendered when they change and sent as bytes (decision 0040).
STORED_PAGES = env.bool("STUDYHUB_STORED_PAGES", default=True)
# Where the web server of this machine finds them as files; "none": nowhere.
PAGE_FILES = env.str("STUDYHUB_PAGE_FILES", default="") or str(VAR_DIR / "pages")
PAGE_FILES = "" if PAGE_FILES == "none" else PAGE_FILES
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # of a lesson with many questions

# --- Wagtail ---
# How many of the three levels (初审、复审、终审) sign a lesson before it is published.
REVIEW_LEVELS = env.int("STUDYHUB_REVIEW_LEVELS", default=3)
# How many who read Mongolian sign a translated block, besides who wrote it.
TWIN_LEVELS = env.int("STUDYHUB_TWIN_LEVELS", default=2)
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "content.reviews.finish.finish"
WAGTAIL_SITE_NAME = "指尖课堂"
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # wherever files are kept, the application is asked
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_AUTOSAVE_INTERVAL = 3000  # milliseconds after the last stroke; half a second is a request
WAGTAIL_I18N_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "content.rich_text_editor.RichTextEditor",
        "OPTIONS": {"features": ["bold", "ul", "ol", "link"]},
    }
}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "content.desk_search"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # asked before decoding
WAGTAILIMAGES_IMAGE_FORM_BASE = "content.image_form.PictureForm"
WAGTAILMEDIA = {"MEDIA_FORM_BASE": "content.recording_form.RecordingForm"}
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False

# --- Channels: base addresses come only from the environment, never from a form ---
CHANNEL_MODE = env.str("STUDYHUB_CHANNELS", default="sandbox")
CHANNEL_BASES = channel_bases(env, mode=CHANNEL_MODE, sandbox_root=f"{PUBLIC_URL}/sandbox")

# --- Phones: packs and the service worker ---
# True: phones drop the service worker and what it cached at their next contact; records stay.
SERVICE_WORKER_KILLED = env.bool("STUDYHUB_SW_KILL", default=False)

METRICS_ADDRESSES = env.list("STUDYHUB_METRICS_ADDRESSES", default=["127.0.0.1", "::1"])

# --- Logs ---
LOG_LEVEL = env.str("STUDYHUB_LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "studyhub.core.logs.WithoutRows",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # At DEBUG it would write each statement with its values.
    "loggers": {"django.db.backends": {"level": "INFO"}},
}
configure_logs(LOG_LEVEL)
# Nor who reads what: a look at the account would also cost every shared page its session.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # Wagtail frames its own previews, hence SAMEORIGIN
]

# --- Webhooks: hosts inside the house that may be told ---
WEBHOOK_HOSTS = [host for host in env.list("STUDYHUB_WEBHOOK_HOSTS", default=[]) if host]

# ===== Channels: how patient the deliveries are (seconds; see docs/channels.md) =====
CHANNELS: dict[str, object] = {
    # Twice the hard time limit of a task: an old worker is dead before its lease ends.
    "LEASE": env.float("STUDYHUB_CHANNEL_LEASE", default=2.0 * CELERY_TASK_TIME_LIMIT),
    # No second submit before this, longer than any platform needs to list what it has taken.
    "QUIET": env.float("STUDYHUB_CHANNEL_QUIET", default=1800.0),
    "POLL_DELAYS": (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0),
    # The longest review. Then a person looks; and nothing is submitted again before it is over.
    "POLL_FOR_AT_MOST": 24 * 3600.0,
    # What waits for a person is looked at again by itself.
    "WATCH_DELAYS": (60.0, 300.0, 1800.0, 3600.0, 3600.0, 14400.0, 86400.0),
    # What is out is looked at again: a person or the platform may have taken it away.
    "PUBLISHED_DELAYS": (600.0, 3600.0, 21600.0, 86400.0, 259200.0, 604800.0, 2592000.0),
    "RETRY_FIRST": 5.0,  # after a mistake of our own
    # Eight tries over a day; a try is a turn in which a call was made.
    "RETRY_DELAYS": (30.0, 120.0, 600.0, 3600.0, 10800.0, 28800.0, 43200.0),
    "RETRIES": 8,
    # Failures in a row after which an account is left alone, and for how long.
    "BREAK_AFTER": 5,
    "BREAK_DELAYS": (60.0, 120.0, 240.0, 480.0, 900.0),
    "CRASHES": 3,  # workers that may die on one delivery before it is put aside
    "MINUTE_QUOTA_WAIT": 60.0,
    "FREQUENCY_WAIT": 600.0,  # the platform finds that we publish too often
    "UPLOAD_TURN": 30.0,  # parts of a film in one turn; well below the time limit of a task
    "TURN_WAIT": 2.0,  # another delivery of the same account is being submitted
    "HINT_WITHIN": 60.0,  # shorter waits get a hint of their own, longer ones the sweeper
    "TOKEN_SPARE": 300.0,
    "TOKEN_LOCK": 30.0,  # longer than fetching one takes at most: 3 s to connect, 10 s to read
    "TOKEN_WAIT": 15.0,
}
# httpx writes whole addresses at INFO, and WeChat wants its token in the address.
LOGGING["loggers"] |= {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}}
# ===== end of channels =====
