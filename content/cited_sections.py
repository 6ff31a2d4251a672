"""What the questions of a lesson lean on: the wording of the sections they cite."""

import hashlib
from collections.abc import Iterable
from typing import Any

from content.document import document_of
from content.units import Unit, hashes_of, units_of


def section_hashes(page: Any, units: Iterable[Unit] | None = None) -> dict[str, str]:
    """Of each section of the lesson as it stands in memory, with what follows until the next one:
    changes exactly when a reader of the section would see something else."""
    hashes = hashes_of(units_of(page) if units is None else units)
    sections = document_of(page.body).sections
    return {str(one.id): _hash(one.heading.block, one.rest, hashes) for one in sections}


def _hash(block: str, rest: Iterable[Any], hashes: dict[str, str]) -> str:
    blocks = dict.fromkeys([block, *(element.block for element in rest)])
    said = "".join(hashes.get(one, "") for one in blocks)
    return hashlib.sha256(said.encode()).hexdigest()
