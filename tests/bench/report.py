"""The table: each figure beside its yardstick of the same run, and whether the goal is met."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent.parent / "var" / "bench"


@dataclass(frozen=True)
class Figure:
    """``goal`` is words; ``met`` is None where there is no goal or it could not be measured."""

    what: str
    measured: str
    yardstick: str
    goal: str
    met: bool | None


def show(figures: list[Figure]) -> None:
    marks = {True: "达到", False: "未达到", None: "—"}
    rows = [("项目", "测得", "对照（同一次运行）", "目标", "结论")]
    rows += [(f.what, f.measured, f.yardstick, f.goal, marks[f.met]) for f in figures]
    widths = [max(_width(row[n]) for row in rows) for n in range(5)]
    for row in rows:
        cells = [text + " " * (widths[n] - _width(text)) for n, text in enumerate(row)]
        print("  ".join(cells).rstrip())


def save(figures: list[Figure]) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = OUT / f"{now:%Y%m%dT%H%M%SZ}.json"
    told = {"at": now.isoformat(), "machine": platform.platform()}
    body = {**told, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
    return path


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
