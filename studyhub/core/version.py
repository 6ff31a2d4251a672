"""Which release this is, said in one place that every checkout and every archive has."""

import tomllib
from functools import cache
from pathlib import Path

SAID_IN = Path(__file__).resolve().parents[2] / "pyproject.toml"


@cache
def version() -> str:
    """``0.2.0``, or ``0.2.0.dev0`` on the way there. A release's tag is this behind a ``v``."""
    return str(tomllib.loads(SAID_IN.read_text("utf-8"))["project"]["version"])
