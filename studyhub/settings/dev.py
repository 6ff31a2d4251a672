"""``make run``: the whole product on one machine, SQLite, file broker, channel sandbox, demo
data."""

from django.core.exceptions import ImproperlyConfigured

from studyhub.settings.base import *
from studyhub.settings.soundness import is_field_key

if not all(map(is_field_key, FIELD_KEYS)):
    raise ImproperlyConfigured(
        "拒绝启动：STUDYHUB_FIELD_KEYS 里有不完整的密钥，请检查有没有漏抄；只是演示可以不设这一项。"
    )
ALLOWED_HOSTS = ["*"]
