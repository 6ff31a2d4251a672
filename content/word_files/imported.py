"""One file or paste as items, from which previews and drafts are built as often as one likes."""

import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, replace

from content.word_files.blocks import Built, build, texts_of
from content.word_files.converted import Converted
from content.word_files.headings import (
    ALL,
    CERTAIN,
    Candidate,
    certain_headings,
    chosen_headings,
    proposed_headings,
    usual_choice,
)
from content.word_files.html_items import ItemReader, clean_html
from content.word_files.items import Item, Missing, Notes, Picture
from content.word_files.losses import Losses, size
from content.word_files.pictures import fit_picture
from content.word_files.refusals import SENTENCES
from content.word_files.report import Ledger, Report
from studyhub.core.characters import clean
from studyhub.core.errors import Invalid

MOST_SECTIONS, MOST_CHARACTERS = 12, 6_000
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_OPTION = re.compile(r"^\s*[A-D]\s*[、.．]", re.MULTILINE)
_ANSWER = re.compile(r"答案\s*[：:]|【答案】|正确答案")


@dataclass
class ImportedText:
    """``pictures`` as they are kept, None for those that cannot be shown."""

    name: str
    converted: Converted
    items: list[Item]
    notes: Notes
    losses: Losses
    pictures: list[bytes | None]

    @property
    def certain(self) -> list[str]:
        return [self.items[at].text for at in certain_headings(self.items)]  # type: ignore[union-attr]

    @property
    def proposed(self) -> list[Candidate]:
        return proposed_headings(self.items)

    @property
    def usual_choice(self) -> set[int]:
        return usual_choice(self.items)

    def accepted_by(self, rule: str) -> set[int]:
        """The proposed headings that ``all`` or ``certain`` take."""
        return {one.place for one in self.proposed} if rule == ALL else self.usual_choice

    def build(self, accepted: set[int]) -> tuple[Built, Report]:
        """With the proposed headings at these places."""
        losses = deepcopy(self.losses)
        levels = chosen_headings(self.items, accepted)
        built = build(list(self.items), levels, self.notes, losses)
        _warn(built, self, losses)
        _say_which_headings(self, accepted, losses)
        in_blocks = sum(size(text) for block in built.blocks for text in texts_of(block))
        ledger = Ledger(
            in_file=size(clean(self.converted.text)),
            added=losses.added,
            in_blocks=in_blocks + size(built.title),
            dropped=sum(size(one.text) for one in losses.dropped),
        )
        kinds = Counter(str(block["type"]) for block in built.blocks)
        report = Report(self.name, self.converted.maker, ledger, losses, dict(kinds))
        return built, report


def read_converted(
    converted: Converted, name: str, fitted: list[bytes | None] | None = None
) -> ImportedText:
    """``fitted`` are its pictures where they were looked at before.

    Raises Invalid for a file without words and pictures.
    """
    losses = converted.losses
    losses.dropped = [
        replace(one, text=clean(one.text), near=clean(one.near)) for one in losses.dropped
    ]
    reader = ItemReader(losses, is_pasted=converted.is_pasted)
    reader.read(clean_html(converted.html))
    pictures = fitted if fitted is not None else list(map(fit_picture, converted.pictures))
    items = [_shown(item, pictures, losses) for item in reader.items]
    if not items:
        raise Invalid("word_nothing", SENTENCES["nothing"])
    return ImportedText(name, converted, items, reader.notes, losses, pictures)


def _shown(item: Item, pictures: list[bytes | None], losses: Losses) -> Item:
    if not isinstance(item, Picture):
        return item
    if item.number < len(pictures) and pictures[item.number] is not None:
        return item
    losses.change("手机上显示不了的图片（请截图上传）")
    return Missing("picture")


def _say_which_headings(text: ImportedText, accepted: set[int], losses: Losses) -> None:
    proposed = text.proposed
    taken = [one.text for one in proposed if one.place in accepted]
    left = [one.text for one in proposed if one.place not in accepted]
    if taken and not text.certain:
        losses.warn(f"文件里没有用标题样式，小节是按这些行分的，请核对：{'；'.join(taken)}")
    elif taken:
        losses.warn(f"这些行也当作标题，请核对：{'；'.join(taken)}")
    if left:
        losses.warn(f"这些行像标题，没有当作标题：{'；'.join(left)}")


def _warn(built: Built, text: ImportedText, losses: Losses) -> None:
    whole = text.converted.text
    if any(name.startswith("修订") for name in losses.changed):
        losses.warn("文件里有修订：插入的留下了，删去的没有要。请核对是不是定稿。")
    if found := sorted(set(_PHONE.findall(whole))):
        losses.warn(f"文中有手机号码（{'、'.join(found[:5])}），发布前请确认可以公开。")
    if len(built.headings) > MOST_SECTIONS or built.characters > MOST_CHARACTERS:
        losses.warn(
            f"这份稿子有 {len(built.headings)} 个小节、{built.characters} 个字，"
            "一次学不完，建议分成几课。"
        )
    lines = "\n".join(one.text for one in text.items if hasattr(one, "text"))
    if len(_OPTION.findall(lines)) >= 8 and len(_ANSWER.findall(lines)) >= 2:
        losses.warn("这份稿子像题库，请用题库导入。")


__all__ = ["ALL", "CERTAIN", "ImportedText", "read_converted"]
