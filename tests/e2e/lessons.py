"""The demo's lessons as plain texts, without a database."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

Part = tuple[str, str, str]


def demo_texts(data: Path) -> Iterator[tuple[str, list[Part]]]:
    """Title and (id, heading, text) of each section."""
    for path in sorted((data / "lessons").glob("*.toml")):
        lesson = tomllib.loads(path.read_text("utf-8"))
        blocks = [block for block in lesson["blocks"] if block["type"] == "section"]
        yield lesson["title"], [(b["key"], b["heading"], _plain(b["text"])) for b in blocks]


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())
