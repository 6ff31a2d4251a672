"""Word files taken in and refused: seconds of the processor and memory of the child process."""

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.report import Figure
from tests.bench.servers import ROOT, environment, free_port, manage
from tests.content.word_files.docx_files import a_png, docx, drawing, para, style
from tests.content.word_files.hostile import REFUSED

ROUNDS = 3
LESSON, PICTURES = 5_000, 10  # characters, pictures
BIG_XML = 2_000_000  # bytes of the document's part
REFUSAL = (2.0, 300)  # seconds, MB
TAKEN = {"lesson": (5.0, 300), "big": (10.0, 400)}
WORDS = {
    "lesson": f"导入 {LESSON} 字、{PICTURES} 张图的 Word 文件",
    "big": "导入正文 XML 有 2 MB 的 Word 文件",
}
COURSE = "kaitian"
HAN = [chr(0x4E00 + n) for n in range(3000)]
# The door first, as whoever uploads meets it; what it lets through is read by the child.
CODE = """
import sys
from pathlib import Path
from content.word_files import child
from content.word_files.door import admit
from content.word_files.refusals import Refused
child.limit()
try:
    admit(Path(sys.argv[1]).read_bytes())
except Refused:
    print("refused")
else:
    said = child.answer(Path(sys.argv[1]), Path(sys.argv[2]))
    print("refused" if "refused" in said else "taken")
most = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(int(most[0].split()[1]) / 1024)
"""
LATER = {"no text in it"}  # refused when the blocks are made


@dataclass(frozen=True)
class Cost:
    """Of one file: seconds of the processor, megabytes at the most."""

    said: str
    seconds: float
    megabytes: float


def measure() -> list[Figure]:
    asked = [name for name in REFUSED if name not in LATER]
    refused = {name: _cost(REFUSED[name][0]) for name in asked}
    assert all(cost.said == "refused" for cost in refused.values()), refused
    taken = {"lesson": _import(_lesson), "big": _import(_big)}
    return [
        _refusals(refused),
        *(_figure(WORDS[key], cost, TAKEN[key], "") for key, cost in taken.items()),
    ]


def _refusals(costs: dict[str, Cost]) -> Figure:
    slowest = max(costs, key=lambda name: costs[name].seconds)
    middle = statistics.median(cost.seconds for cost in costs.values())
    worst = Cost("", costs[slowest].seconds, max(cost.megabytes for cost in costs.values()))
    beside = f"中位数 {middle:.2f} 秒；最慢：{slowest}"
    return _figure(f"拒收 {len(costs)} 种有害文件，最慢、最大的", worst, REFUSAL, beside)


def _figure(what: str, cost: Cost, most: tuple[float, float], beside: str) -> Figure:
    return Figure(
        what,
        f"{cost.seconds:.2f} 秒，{cost.megabytes:.0f} MB",
        beside,
        f"≤ {most[0]:.0f} 秒，≤ {most[1]:.0f} MB",
        cost.seconds <= most[0] and cost.megabytes <= most[1],
    )


def _cost(make: Callable[[], bytes]) -> Cost:
    """The median of the rounds; the start of the process is part of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(make())
        rounds = sorted((_round(file) for _ in range(ROUNDS)), key=lambda cost: cost.seconds)
    return rounds[len(rounds) // 2]


def _import(make: Callable[[], bytes]) -> Cost:
    """The command without the start of Django; memory is that of the child process."""
    child = _cost(make)
    assert child.said == "taken"
    with tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port())
        manage(env, "run", "--prepare")
        file = Path(var) / "lesson.docx"
        file.write_bytes(make())
        start = _command(env, "import_lesson", "--help")
        whole = _command(env, "import_lesson", str(file), "--course", COURSE)
    return Cost("taken", whole - start, child.megabytes)


def _command(env: dict[str, str], *words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    manage(env, *words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return _processor(after) - _processor(before)


def _round(file: Path) -> Cost:
    with tempfile.TemporaryDirectory() as pictures:
        command = [sys.executable, "-c", CODE, str(file), pictures]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        with child.stdout as said:
            words, megabytes = said.read().split()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(words, _processor(used), float(megabytes))


def _processor(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _sentences(characters: int) -> list[str]:
    chance = random.Random(11)
    line = lambda: "".join(chance.choices(HAN, k=99)) + "。"  # noqa: E731
    return [line() for _ in range(characters // 100)]


def _lesson() -> bytes:
    lines = _sentences(LESSON)
    every = len(lines) // PICTURES
    body = "".join(
        (
            para(f"第{n // every}节", "h1") + para(drawing(f"p{n // every}"))
            if n % every == 0
            else ""
        )
        + para(line)
        for n, line in enumerate(lines)
    )
    pictures = {f"p{n}": a_png(size=(1200, 800 + n)) for n in range(PICTURES)}
    return docx(body, styles=style("h1", "heading 1"), pictures=pictures)


def _big() -> bytes:
    """Many short paragraphs: what elements cost, not characters."""
    chance = random.Random(12)
    line = lambda: "".join(chance.choices(HAN, k=16)) + "。"  # noqa: E731
    return docx("".join(para(line()) for _ in range(BIG_XML // len(para(line()).encode()))))
