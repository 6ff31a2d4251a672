"""Which settings this process runs with. Imports nothing, so that every entry point may use it."""

import os

# Set where real data is kept; the demo needs none of them.
MEANT_FOR_PRODUCTION = ("STUDYHUB_SECRET_KEY", "STUDYHUB_FIELD_KEYS")
MODULES = {
    "demo": "studyhub.settings.dev",
    "production": "studyhub.settings.production",
}


def select_settings() -> None:
    """Point Django at the settings for ``STUDYHUB_ENV`` unless the caller has chosen already.

    Exits with a sentence where the name is unknown, or unset beside what only production needs:
    a slip of the pen must not put real people's data on the demo's settings.
    """
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        os.environ["DJANGO_SETTINGS_MODULE"] = MODULES[_environment()]


def _environment() -> str:
    named = os.environ.get("STUDYHUB_ENV", "")
    if named in MODULES:
        return named
    if named:
        raise SystemExit(
            f"拒绝启动：不认识 STUDYHUB_ENV={named}，正式使用请写 production，演示请写 demo。"
        )
    if given := [name for name in MEANT_FOR_PRODUCTION if os.environ.get(name)]:
        raise SystemExit(
            f"拒绝启动：设了 {given[0]} 却没有设 STUDYHUB_ENV，"
            "正式使用请设 STUDYHUB_ENV=production，演示请设 demo。"
        )
    return "demo"
