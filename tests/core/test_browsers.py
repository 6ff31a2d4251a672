"""Kinds of browsers, for lists that people read."""

import pytest

from studyhub.core.browsers import browser_of

ANDROID = "Mozilla/5.0 (Linux; Android 10; JSN-AL00) AppleWebKit/537.36 Chrome/116.0 Mobile"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
WECHAT = " MicroMessenger/8.0.49"


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        (ANDROID, "android"),
        (ANDROID + WECHAT, "wechat_android"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile" + WECHAT, "wechat_android"),
        (IPHONE, "ios"),
        (IPHONE + WECHAT, "wechat_ios"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/116.0" + WECHAT, "wechat_desk"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "other"),
        ("", "other"),
    ],
)
def test_browsers_are_told_apart_coarsely(user_agent, family):
    assert browser_of(user_agent) == family
