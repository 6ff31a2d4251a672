"""The child process: ``python -m content.word_files.child FILE FOLDER``.

Limits itself before it reads anything, writes pictures into the folder, and answers in JSON on
standard output. It knows no Django, no database and no secrets, and asks nothing of the network.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MOST_MEMORY = 500 * 2**20
MOST_SECONDS = 15


def limit() -> None:
    """Memory and time of this process, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(file: Path, folder: Path) -> dict[str, Any]:
    """What was converted, or the code and the sentence of a refusal."""
    from content.word_files.conversion import convert
    from content.word_files.refusals import SENTENCES, Refused

    try:
        converted = convert(file.read_bytes())
    except Refused as refused:
        return {"refused": refused.code, "sentence": refused.sentence}
    # Damaged files make the libraries raise whatever they like.
    except Exception as error:  # noqa: BLE001
        said = {"refused": "too_complex", "sentence": SENTENCES["too_complex"]}
        return {**said, "error": type(error).__name__}
    for number, picture in enumerate(converted.pictures):
        (folder / str(number)).write_bytes(picture)
    return converted.as_json()


if __name__ == "__main__":
    limit()
    json.dump(answer(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
