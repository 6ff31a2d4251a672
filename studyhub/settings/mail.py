"""The mail server, from one address; none is as good."""

import environ
from django.core.exceptions import ImproperlyConfigured

EXAMPLE = "smtp+ssl://用户:密码@smtp.exmail.qq.com:465"
NONE = "dummymail://"


def mail_settings(url: str) -> dict[str, object]:
    """Django's ``EMAIL_…`` settings; without an address a backend that sends nothing.

    Raises ImproperlyConfigured for an address that names no kind of server, or none at all.
    """
    try:
        found: dict[str, object] = environ.Env.email_url_config(url or NONE)
    except (ImproperlyConfigured, ValueError) as error:
        raise _refused() from error
    if "smtp" in str(found["EMAIL_BACKEND"]) and not found["EMAIL_HOST"]:
        raise _refused()
    return found


def _refused() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"EMAIL_URL 写得不对，应该像 {EXAMPLE}（用户名里的 @ 写成 %40）；没有邮箱就留空。"
    )
