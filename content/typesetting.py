"""Sheets and posters set by typst: from files in memory, in the one font that is ours.

Text goes to it as JSON and is never read as markup. No font of the machine is used, so that every
machine sets the same pages. The library is imported with the first sheet that is set.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FONTS = Path(__file__).parent / "fonts"
MAIN = "main.typ"


def typeset(files: Mapping[str, bytes], **options: Any) -> bytes:
    """What ``main.typ`` says, a PDF unless the options of typst ask for another format."""
    return bytes(_compile(files, **options))


def typeset_pages(files: Mapping[str, bytes], *, ppi: int) -> list[bytes]:
    """The pages as PNG, at so many dots an inch."""
    pages = _compile(files, format="png", ppi=ppi)
    return [bytes(page) for page in (pages if isinstance(pages, list) else [pages])]


def _compile(files: Mapping[str, bytes], **options: Any) -> Any:
    import typst

    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return typst.compile(
            Path(folder) / MAIN,
            root=Path(folder),
            font_paths=[FONTS],
            ignore_system_fonts=True,
            **options,
        )
