"""Which kind of browser a request came from, coarsely: for lists and counts that people read.

What a reader is offered never depends on it; phones find out by trying what they can do.
"""

from django.db.models import TextChoices


class Browser(TextChoices):
    """As coarse as a list for people needs it, and no finer."""

    WECHAT_ANDROID = "wechat_android", "微信（安卓、鸿蒙）"
    WECHAT_IOS = "wechat_ios", "微信（苹果）"
    WECHAT_DESK = "wechat_desk", "微信（电脑）"
    ANDROID = "android", "手机浏览器（安卓、鸿蒙）"
    IOS = "ios", "手机浏览器（苹果）"
    OTHER = "other", "其他"


def browser_of(user_agent: str) -> Browser:
    """The kind told from ``user_agent`` as the browser sent it; nothing else of it is kept."""
    words = user_agent.lower()
    apple = "iphone" in words or "ipad" in words
    android = "android" in words or "harmony" in words
    if "micromessenger" in words:
        if apple:
            return Browser.WECHAT_IOS
        return Browser.WECHAT_ANDROID if android else Browser.WECHAT_DESK
    if apple:
        return Browser.IOS
    return Browser.ANDROID if android else Browser.OTHER
