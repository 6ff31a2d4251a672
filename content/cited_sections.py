"""What the questions of a lesson lean on: the wording of the sections they cite."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from content.document import document_of
from content.units import Unit, hashes_of, units_of


def section_hashes(page: Any, units: Iterable[Unit] | None = None) -> dict[str, str]:
    """Of each section of the lesson as it stands in memory, with what follows until the next one:
    changes exactly when a reader of the section would see other words or pictures; whether it must
    be read (必读) is none of these."""
    units = units_of(page) if units is None else list(units)
    sections = document_of(page.body).sections
    own = {one.heading.block for one in sections}
    hashes = hashes_of(_of_words(unit) if unit.id in own else unit for unit in units)
    return {str(one.id): _hash(one.heading.block, one.rest, hashes) for one in sections}


def _of_words(unit: Unit) -> Unit:
    facts = [
        [name, {key: word for key, word in words.items() if key != "required"}]
        for name, words in unit.facts
    ]
    return replace(unit, facts=facts)


def _hash(block: str, rest: Iterable[Any], hashes: dict[str, str]) -> str:
    blocks = dict.fromkeys([block, *(element.block for element in rest)])
    said = "".join(hashes.get(one, "") for one in blocks)
    return hashlib.sha256(said.encode()).hexdigest()
