"""What was kept, changed and left out, to the character; stored with the draft and printable."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from content.word_files.losses import Dropped, Losses, size

KINDS = {
    "section": "小节",
    "paragraphs": "接上的正文",
    "picture": "图片",
    "table": "表格",
    "quotation": "引文",
    "notes": "注释",
    "sources": "资料来源",
    "gap": "缺的内容",
}
OPEN = {
    "picture": "{n} 张图片没有画面说明、来源和授权，请补上。",
    "quotation": "{n} 段引文没有出处，请补上。",
    "gap": "{n} 处内容导入不了，请在编辑页补上或者删掉“缺的内容”，才能发布。",
}
FIRST_WORDS = 30


@dataclass(frozen=True)
class Ledger:
    """Characters without white space: those of the file and those added are in blocks or dropped.

    The title counts with the blocks.
    """

    in_file: int
    added: int
    in_blocks: int
    dropped: int

    @property
    def difference(self) -> int:
        return self.in_file + self.added - self.in_blocks - self.dropped

    @property
    def words(self) -> str:
        added = f"（另加 {self.added} 字，如自动编号、注释标记、合并单元格）" if self.added else ""
        kept = self.in_blocks - self.added
        said = f"文件 {self.in_file} 字 = 进入课文 {kept} 字 + 没有要 {self.dropped} 字{added}"
        if self.difference:
            said += f"。有 {abs(self.difference)} 字对不上，请对照原文核对，并告诉管理员"
        return said


@dataclass
class Report:
    name: str
    maker: str
    ledger: Ledger
    losses: Losses
    kinds: dict[str, int]
    blocks: list[str] = field(default_factory=list)  # ids

    @property
    def kept(self) -> list[str]:
        return [f"{label} {self.kinds[k]}" for k, label in KINDS.items() if self.kinds.get(k)]

    @property
    def open_questions(self) -> list[str]:
        return [words.format(n=self.kinds[k]) for k, words in OPEN.items() if self.kinds.get(k)]

    @property
    def dropped_by_reason(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for one in self.losses.dropped:
            counts[one.reason] += size(one.text)
        return dict(counts)

    def as_json(self) -> dict[str, Any]:
        losses = {**asdict(self.losses), "changed": dict(self.losses.changed)}
        return {
            "name": self.name,
            "maker": self.maker,
            "ledger": asdict(self.ledger),
            "losses": losses,
            "kinds": self.kinds,
            "blocks": self.blocks,
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        stored = said["losses"]
        dropped = [Dropped(**one) for one in stored["dropped"]]
        losses = Losses(dropped, Counter(stored["changed"]), stored["warnings"], stored["added"])
        ledger = Ledger(**said["ledger"])
        return cls(said["name"], said["maker"], ledger, losses, said["kinds"], said["blocks"])

    def lines(self) -> Iterator[str]:
        """As a command prints it."""
        yield f"文件：{self.name}" + (f"（{self.maker}）" if self.maker else "")
        yield f"字数：{self.ledger.words}"
        yield f"做成：{'、'.join(self.kept)}"
        for what, times in self.losses.changed.items():
            yield f"改动：{what}，{times} 处"
        for one in self.losses.dropped:
            near = f"，在“{one.near}”这一段" if one.near else ""
            yield f"没有要：{one.reason}，{size(one.text)} 字{near}：{first_words(one.text)}"
        for sentence in (*self.losses.warnings, *self.open_questions):
            yield f"请看：{sentence}"


def first_words(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= FIRST_WORDS else f"{text[:FIRST_WORDS]}……"
