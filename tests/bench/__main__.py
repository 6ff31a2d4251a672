"""``make bench``: each figure beside its yardstick, measured in the same run."""

import sys

from tests.bench import (
    backup,
    board,
    comparison,
    completion,
    database,
    ledger,
    memory,
    offline,
    pages,
    publication,
    records,
    rosters,
    videos,
    word_files,
)
from tests.bench.report import Figure, save, show

PARTS = {
    "pages": pages,
    "comparison": comparison,
    "memory": memory,
    "offline": offline,
    "publication": publication,
    "board": board,
    "records": records,
    "completion": completion,
    "ledger": ledger,
    "rosters": rosters,
    "backup": backup,
    "word_files": word_files,
    "videos": videos,
}
NEED_POSTGRES = ("publication", "board", "records", "completion", "ledger", "rosters", "backup")


def main(names: list[str]) -> int:
    """Measure the named parts (default: all); 1 when a goal is missed."""
    figures: list[Figure] = []
    for name in names or list(PARTS):
        if name in NEED_POSTGRES and not database.available():
            figures.append(Figure(name, "PostgreSQL 没有应答，未测", "", "", None))
            continue
        print(f"正在测 {name} ……", flush=True)
        figures += PARTS[name].measure()
    show(figures)
    print(f"已写入 {save(figures)}")
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
