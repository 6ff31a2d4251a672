"""Importing without a process of its own, and the rule that every import keeps."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from content.word_files.blocks import Built, texts_of, without_marks
from content.word_files.conversion import convert
from content.word_files.imported import ImportedText, read_converted
from content.word_files.report import Report


def read(data: bytes, name: str = "稿子.docx") -> ImportedText:
    return read_converted(convert(data), name)


def built(data: bytes, *, headings: str = "certain") -> tuple[Built, Report]:
    """As blocks; nothing of the file is in neither the blocks nor the report."""
    text = read(data)
    made, report = text.build(text.accepted_by(headings))
    check_balance(text, made, report)
    check_editor(made)
    return made, report


def check_balance(text: ImportedText, made: Built, report: Report) -> None:
    words = [word for block in made.blocks for word in texts_of(block)]
    assert report.ledger.difference == 0, report.ledger
    kept = signs([made.title, *words, *(one.text for one in report.losses.dropped)])
    assert signs([text.converted.text]) - kept == Counter()


def check_editor(made: Built) -> None:
    """The editor opens the rich text, and what it writes back says the same."""
    for block in made.blocks:
        if block["type"] in ("section", "paragraphs"):
            html = block["value"]["text"]
            editor = ContentstateConverter(["bold", "ul", "ol", "link"])
            saved = editor.to_database_format(editor.from_database_format(html))
            assert signs([without_marks(saved)]) == signs([without_marks(html)])


def signs(texts: Iterable[str]) -> Counter[str]:
    return Counter("".join("".join(texts).split()))


def kinds(made: Built) -> list[str]:
    return [block["type"] for block in made.blocks]


def sections(made: Built) -> list[tuple[str, str]]:
    """Heading and rich text of each."""
    return [
        (block["value"]["heading"], block["value"]["text"])
        for block in made.blocks
        if block["type"] == "section"
    ]


def values(made: Built, kind: str) -> list[dict[str, Any]]:
    return [block["value"] for block in made.blocks if block["type"] == kind]


def dropped(report: Report) -> dict[str, str]:
    """The words by their reason."""
    found: dict[str, str] = {}
    for one in report.losses.dropped:
        found[one.reason] = found.get(one.reason, "") + one.text
    return found
