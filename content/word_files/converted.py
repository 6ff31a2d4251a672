"""What became of a file before blocks are made of it. Plain values, no Django."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from content.word_files.losses import Dropped, Losses


@dataclass
class Converted:
    """``text`` is all of the file; pictures are named in ``html`` by their place in the list."""

    html: str
    text: str
    pictures: list[bytes]
    losses: Losses = field(default_factory=Losses)
    maker: str = ""
    title: str = ""
    is_pasted: bool = False

    def as_json(self) -> dict[str, Any]:
        """Pictures go by files; here is only how many there are."""
        losses = self.losses
        return {
            "html": self.html,
            "text": self.text,
            "pictures": len(self.pictures),
            "dropped": [asdict(one) for one in losses.dropped],
            "changed": dict(losses.changed),
            "warnings": losses.warnings,
            "added": losses.added,
            "maker": self.maker,
            "title": self.title,
        }

    @classmethod
    def from_json(cls, said: dict[str, Any], pictures: list[bytes]) -> Self:
        dropped = [Dropped(**one) for one in said["dropped"]]
        losses = Losses(dropped, Counter(said["changed"]), said["warnings"], said["added"])
        return cls(said["html"], said["text"], pictures, losses, said["maker"], said["title"])
