"""The floors of coverage, lines and branches together, over what the last traced run left."""

import json
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from slipcover import merge_coverage

from tests.tracing import REACHED

FLOORS = {
    "core": ("studyhub/core/*", 98),
    "learning": ("studyhub/learning/*", 98),
    "channels": ("studyhub/channels/*", 96),
    "全部": ("*", 96),
}


@dataclass(frozen=True)
class Part:
    """What a run reached of some files, and what it left out."""

    reached: int
    missed: list[str]
    all: int

    @property
    def percent(self) -> float:
        return 100 * self.reached / self.all if self.all else 0.0


def main() -> int:
    """1 where a floor is not reached, or nothing was traced."""
    files = merged()
    parts = {name: part(files, pattern) for name, (pattern, _) in FLOORS.items()}
    short = [name for name, (_, floor) in FLOORS.items() if parts[name].percent < floor]
    for name, (_, floor) in FLOORS.items():
        if name in short:
            print("\n".join(parts[name].missed))
        word = "不够" if name in short else "够"
        print(f"  {word}  {name}：{parts[name].percent:.1f}%（下限 {floor}%）")
    return 1 if short else 0


def merged() -> dict[str, Any]:
    """What each process of the run saw, as one: the report of each file by its path."""
    seen = [json.loads(path.read_text("utf-8")) for path in sorted(REACHED.glob("*.json"))]
    if not seen:
        return {}
    whole = seen[0]
    for more in seen[1:]:
        merge_coverage(whole, more)
    return dict(whole["files"])


def part(files: dict[str, Any], pattern: str) -> Part:
    chosen = {path: file for path, file in files.items() if fnmatch(path, pattern)}
    reached = [len(file["executed_lines"] + file["executed_branches"]) for file in chosen.values()]
    missed = [len(file["missing_lines"] + file["missing_branches"]) for file in chosen.values()]
    said = [
        f"{path}: {file['missing_lines']} {file['missing_branches']}"
        for path, file in sorted(chosen.items())
        if file["missing_lines"] or file["missing_branches"]
    ]
    return Part(sum(reached), said, sum(reached) + sum(missed))


if __name__ == "__main__":
    raise SystemExit(main())
