"""A manuscript (.docx) of questions: read through the same door and the same child process as a
lesson's, with the limits of both."""

from collections.abc import Iterator, Sequence
from typing import Any

from content.question_bank.file_pictures import FilePictures
from content.question_bank.rows import Questions, Row, row_of
from content.question_bank.word_lines import PICTURE, Found, QuestionLines
from content.question_wording import KINDS
from content.word_files.html_items import ItemReader, clean_html
from content.word_files.items import Grid, Item, Line, Missing, Picture
from content.word_files.losses import Losses
from content.word_files.process import convert_file
from studyhub.core.characters import one_line
from studyhub.core.errors import Invalid

MOST_LINES, MOST_NAMED, FIRST_WORDS = 20_000, 10, 20


def read_word_questions(data: bytes, most: int) -> Questions:
    """Raises Invalid where nothing of the file can be read, with what to do."""
    reader = ItemReader(Losses())
    converted = convert_file(data)
    reader.read(clean_html(converted.html))
    written = list(_lines(reader.items))
    if len(written) > MOST_LINES:
        raise Invalid("sheet_too_large", f"超过 {MOST_LINES:,} 行，请分成几个文件再导入。")
    lines = QuestionLines(written)
    if not lines.found:
        raise Invalid(
            "no_word_questions",
            "这个文件里没有找到题。请把题目写成“1. ……”，选项写成“A. ……”，"
            "答案写成“答案：A”，再导入。",
        )
    if len(lines.found) > most:
        raise Invalid("sheet_too_large", f"一次最多 {most} 题，请分成几个文件再导入。")
    pictures = FilePictures()
    rows = [
        _row(number, one, converted.pictures, pictures)
        for number, one in enumerate(lines.found, start=1)
    ]
    unread = _notes(lines.unread, reader.items, lines.unread_pictures)
    notes = [*_unsure(lines.unsure), *unread]
    return Questions(rows, notes, pictures.kept)


def _lines(items: list[Item]) -> Iterator[tuple[str, bool]]:
    for item in items:
        if isinstance(item, Line):
            for number, text in enumerate(item.text.splitlines()):
                words = text.replace(PICTURE, "")
                yield words, item.ordered and item.depth == 1 and not number
        elif isinstance(item, Picture):
            yield f"{PICTURE}{item.number}", False


def _row(number: int, one: Found, files: Sequence[bytes | None], pictures: FilePictures) -> Row:
    shared: dict[str, Any] = {"number": number, "stem": one_line(one.stem)[:200], "unit": "题"}
    digest, problem = _picture_of(one, files, pictures)
    if problem:
        return Row(problem=problem, **shared)
    has_gap = not one.options and "__" in one.stem
    kind = one.kind or ("blank" if has_gap else "")
    said = {"kind": KINDS.get(kind, ""), "stem": one.stem, "answer": one.answer}
    said |= {"explanation": one.explanation, "source": one.source}
    options = [one_line(text) for text in one.options]
    return row_of(said, options, digest=digest, says_picture=bool(digest), **shared)


def _picture_of(
    one: Found, files: Sequence[bytes | None], pictures: FilePictures
) -> tuple[str, str]:
    """Its digest, empty where it has none; or what to do."""
    if len(one.pictures) > 1:
        return "", f"题目后面有 {len(one.pictures)} 张图片，一题只能有一张：请留下一张"
    try:
        found = [files[number] if number < len(files) else None for number in one.pictures]
        return (pictures.take(found[0]) if found else ""), ""
    except Invalid as problem:
        return "", problem.detail


def _unsure(stems: list[str]) -> Iterator[str]:
    if stems:
        yield (
            f"题里又从 1 编号，当成一道题读了：{_named(stems)}。"
            "如果是几道题，请改成不重复的题号再导入。"
        )


def _named(texts: list[str]) -> str:
    """The first of them by their first words."""
    named = "、".join(f"“{one_line(text)[:FIRST_WORDS]}”" for text in texts[:MOST_NAMED])
    return named + (f"等 {len(texts)} 处" if len(texts) > MOST_NAMED else "")


def _notes(unread: list[str], items: list[Item], pictures: int) -> Iterator[str]:
    if unread:
        yield f"没有读懂，没有导入：{_named(unread)}。"
    if any(isinstance(item, Grid) for item in items):
        yield "表格没有读。表格里的题请另存成 .xlsx 再导入。"
    if linked := _missing(items, "linked"):
        yield (
            f"有 {linked} 张图片只是链接，不在文件里，没有导入："
            "请在 Word 里把图片存下来，重新插入，再导入。"
        )
    pictures += _missing(items, "picture")
    if pictures:
        yield (
            f"有 {pictures} 张图片没有导入：不是紧跟在题目后面，或者手机上显示不了。"
            "请把图片放在题目和选项之间，再导入。"
        )


def _missing(items: list[Item], kind: str) -> int:
    return sum(isinstance(item, Missing) and item.kind == kind for item in items)
