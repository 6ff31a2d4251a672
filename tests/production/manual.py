"""What the operations page tells an operator to type, as the page says it.

A fence whose info string is ``bash 演练`` is run; the others (packages of the system, accounts of
the machine) are for people.
"""

import re
from dataclasses import dataclass

from tests.bench.servers import ROOT

PAGE = ROOT / "studyhub" / "docs" / "operations.md"
_HEADING = re.compile(r"^#+ (.+)$")
_FENCE = "```"
_REHEARSED = "```bash 演练"


@dataclass(frozen=True)
class Block:
    """One fence that is run, with the heading that it stands under."""

    heading: str
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """Every block that is run, in the page's order."""
    found: list[Block] = []
    heading, open_at, lines = "", "", []
    for line in text.splitlines():
        if open_at:
            if line.strip() == _FENCE:
                if open_at == _REHEARSED:
                    found.append(Block(heading, tuple(lines)))
                open_at, lines = "", []
            else:
                lines.append(line)
        elif line.startswith(_FENCE):
            open_at = line.strip()
        elif title := _HEADING.match(line):
            heading = title[1]
    return found
