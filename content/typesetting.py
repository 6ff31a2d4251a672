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
