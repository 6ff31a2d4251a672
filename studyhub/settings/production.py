"""Real people's data. Refuses to start on anything that is only good for the demo."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from studyhub.settings.base import *
from studyhub.settings.soundness import (
    address_faults,
    field_key_faults,
    review_faults,
    role_faults,
    secret_faults,
    twin_faults,
)

SANDBOX = False
TRUSTED_PROXIES = NINJA_NUM_PROXIES = env.int("STUDYHUB_TRUSTED_PROXIES", default=1)
DEMO_ALLOWED = False
CHANNEL_MODE = env.str("STUDYHUB_CHANNELS", default="live")
CHANNEL_BASES = channel_bases(env, mode=CHANNEL_MODE, sandbox_root=f"{PUBLIC_URL}/sandbox")

_problems = [
    *secret_faults(SECRET_KEY, DEMO_SECRET_KEY),
    *field_key_faults(FIELD_KEYS, DEMO_FIELD_KEY),
    *address_faults(PUBLIC_URL, ALLOWED_HOSTS),
    *role_faults(SECOND_FACTOR_ROLES, OFFICES),
    *review_faults(REVIEW_LEVELS),
    *twin_faults(TWIN_LEVELS),
]
if DEMO_SECRET_KEY in SECRET_KEY_FALLBACKS:
    _problems.append("STUDYHUB_SECRET_KEY_FALLBACKS 里有演示密码，请删去")
if CHANNEL_MODE != "live":
    _problems.append("STUDYHUB_CHANNELS 必须是 live，生产环境不能连接渠道沙箱，请改成 live")
if MEDIA_SENT_FROM and env.str("S3_BUCKET", default=""):
    _problems.append("文件存在 S3 里，nginx 发不了：请把 STUDYHUB_MEDIA_SENT_FROM 留空")
if env.str("DEBUG", default="").strip().lower() not in ("", "0", "false", "no", "off"):
    _problems.append("生产环境不能打开 DEBUG，请删去这一项")
if _problems:
    raise ImproperlyConfigured("生产环境拒绝启动：" + "；".join(_problems))

# Asked on this machine: /healthz, /readyz, /metrics.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", urlsplit(PUBLIC_URL).hostname]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "studyhub.sandbox"]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("STUDYHUB_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
