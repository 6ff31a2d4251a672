"""The demo's channels: a WeChat account and a robot in the sandbox, three that people serve."""

from django.conf import settings
from django.urls import reverse

from studyhub.channels.accounts import put_account
from studyhub.channels.models import ChannelAccount

ACCOUNTS = {
    "wechat-demo": (
        "wechat",
        {
            "name": "演示公众号（沙箱）",
            "app_id": "wx0000000000demo00",
            "app_secret": "sandbox-only-sandbox-only-000000",
            "token": "sandbox-only-token",
            "aes_key": "sandboxOnlySandboxOnlySandboxOnlySandbox000",
            "callback_mode": "safe",
        },
    ),
    "wecom-demo": (
        "wecom_robot",
        {"name": "演示企业微信群（沙箱）", "webhook_key": "sandbox-only-693axxx6"},
    ),
    "toutiao-demo": ("toutiao", {"name": "演示头条号（人工）"}),
    "video-demo": ("channels", {"name": "演示视频号（人工）"}),
    "group-demo": ("group", {"name": "演示微信群（人工）"}),
}


def callback_told_to_the_platform(key: str) -> dict[str, str]:
    """What a person enters in the platform's console: our address on this machine, and how."""
    kind, values = ACCOUNTS[key]
    path = reverse("callback", args=[kind, key])
    return {
        "url": f"http://127.0.0.1:{settings.PORT}{path}",
        "token": values["token"],
        "aes_key": values["aes_key"],
        "mode": values["callback_mode"],
    }


def load_channels() -> None:
    """Safe to repeat; an account that is there already keeps its settings."""
    known = set(ChannelAccount.objects.values_list("key", flat=True))
    for key, (kind, values) in ACCOUNTS.items():
        if key not in known:
            put_account(kind, key, dict(values))
