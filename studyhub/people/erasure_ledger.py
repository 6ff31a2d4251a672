"""The ledger of erasures: lines that outlive every backup and say no name.

It stands beside the backups. Its first line says when it was begun, so that one which was emptied
is told from one in which nobody was noted yet.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

LEDGER = "erasures.jsonl"
# How a line of ours begins: what is left of one that was being written when the power went.
_BEGINNINGS = ('{"member": "', '{"begun": "')
_DIGEST = re.compile(r"[0-9a-f]{64}")
Entry = dict[str, str]


def ledger_path() -> Path:
    return Path(settings.BACKUP_DIR) / LEDGER


def note(ledger: Path, digest: str) -> None:
    _append(ledger, [{"member": digest, "at": timezone.now().isoformat()}])


def noted_in(ledgers: Iterable[Path]) -> set[str]:
    """Whom the ledgers name, by digest."""
    return {entry["member"] for ledger in ledgers for entry in _entries(ledger)}


def copy_ledger(to: Path) -> Path:
    """What the ledger says stands beside the backups in the folder ``to`` as well."""
    ledger = to / LEDGER
    there = noted_in([ledger])
    _append(ledger, [one for one in _entries(ledger_path()) if one["member"] not in there])
    return ledger


def damage_of(ledger: Path) -> str:
    """Why a ledger that is there cannot be relied on, in words; empty where it can."""
    read = [(line, _read(line)) for line in _lines(ledger)]
    for number, (line, entry) in enumerate(read, start=1):
        if line.strip() and not entry and not _is_cut_off(line):
            return f"第 {number} 行读不出"
    begun = any(entry and "begun" in entry for _, entry in read)
    return "" if begun else "是空的，或者被清空过（没有开头的一行）"


def _append(ledger: Path, entries: list[Entry]) -> None:
    """On the disk when this returns. A line that a power cut left half written stays by itself."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    begun = [] if ledger.exists() else [{"begun": timezone.now().isoformat()}]
    with ledger.open("a", encoding="utf-8") as file:
        file.writelines(f"\n{json.dumps(entry)}\n" for entry in [*begun, *entries])
        file.flush()
        os.fsync(file.fileno())


def _entries(ledger: Path) -> Iterator[Entry]:
    """A line that was left half written names nobody: that erasure had not begun."""
    for line in _lines(ledger):
        entry = _read(line)
        if entry and "member" in entry:
            yield entry


def _lines(ledger: Path) -> list[str]:
    return ledger.read_text("utf-8", "replace").splitlines() if ledger.exists() else []


def _read(line: str) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    whole = "begun" in entry or _DIGEST.fullmatch(str(entry.get("member")))
    return entry if whole else None


def _is_cut_off(line: str) -> bool:
    """The next one that is noted begins a line of its own, so this need not be the last."""
    return not line.endswith("}") and any(
        line.startswith(start) or start.startswith(line) for start in _BEGINNINGS
    )
