"""The browser on this machine: Debian's Chromium, started without anything that asks outside."""

import os
import shutil
from typing import Any

CHROMIUM = os.environ.get("STUDYHUB_CHROMIUM") or shutil.which("chromium") or ""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_options() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ARGUMENTS, "headless": True}
