"""Where the outside platforms answer: the real addresses in ``live``, our own sandbox in
``sandbox``."""

import environ

REAL_BASES = {
    "WECHAT_API_BASE": "https://api.weixin.qq.com",
    "WECHAT_OPEN_BASE": "https://open.weixin.qq.com",
    "WECOM_API_BASE": "https://qyapi.weixin.qq.com",
    "DOUYIN_API_BASE": "https://open.douyin.com",
    "KUAISHOU_API_BASE": "https://open.kuaishou.com",
    "BILIBILI_API_BASE": "https://member.bilibili.com",
}


def channel_bases(env: environ.Env, *, mode: str, sandbox_root: str) -> dict[str, str]:
    """Base address per variable name; the sandbox serves each platform below its own path."""
    bases = {}
    for name, real in REAL_BASES.items():
        platform = name.split("_")[0].lower()
        default = real if mode == "live" else f"{sandbox_root}/{platform}"
        bases[name] = env.str(name, default=default).rstrip("/")
    return bases
