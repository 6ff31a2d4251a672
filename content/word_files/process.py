"""The conversion in a process of its own, so that no file can hurt who asked for it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from content.word_files.converted import Converted
from content.word_files.door import admit
from content.word_files.refusals import Refused
from studyhub.core.errors import Invalid

MOST_SECONDS = 20  # by the clock; the child limits its own work and memory
_CHILD = "content.word_files.child"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}


def convert_file(data: bytes) -> Converted:
    """A .docx. Raises Invalid with a sentence for what is not taken in."""
    try:
        admit(data)
        with tempfile.TemporaryDirectory(prefix="word-") as folder:
            return _converted(data, Path(folder))
    except Refused as refused:
        raise Invalid(f"word_{refused.code}", refused.sentence) from refused


def _converted(data: bytes, folder: Path) -> Converted:
    file = folder / "file"
    file.write_bytes(data)
    said = _ask_child(file, folder)
    if "refused" in said:
        raise Invalid(f"word_{said['refused']}", said["sentence"])
    pictures = [(folder / str(number)).read_bytes() for number in range(said["pictures"])]
    return Converted.from_json(said, pictures)


def _ask_child(file: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", _CHILD, str(file), str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  our own module, and no shell
            command,
            cwd=settings.BASE_DIR,
            env=_ENVIRONMENT,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Refused("too_complex") from error
    return said
