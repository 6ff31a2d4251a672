"""The bank as a spreadsheet that is read back as it was; and an empty one to begin with."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from django.db.models import F, QuerySet

from content.document import document_of
from content.models import LessonPage, Question, QuestionVersion
from content.question_bank.answers import without_own_letter, written
from content.question_bank.apostrophes import as_written
from content.question_bank.file_pictures import sheet_form
from content.question_wording import KINDS
from studyhub.core.errors import Invalid
from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes

logger = logging.getLogger(__name__)
LEAST_OPTIONS = 4
_BEFORE = ("题库编号", "题型", "题目")
_AFTER = ("答案", "解析", "依据", "类别", "状态", "课", "小节", "图片说明", "图片来源", "图片")
UNREADABLE = "（图片的文件读不出来，没有导出）"
SHOWN_HEIGHT = 90  # pixels of a picture in its row
MOST_PICTURES_BYTES = 20_000_000  # of one file, which has to be read again
SAMPLES = (
    ("", "单选", "遵义会议是在哪一年召开的？", "1934年", "1935年", "", "", "B", "1935年1月召开。"),
    ("", "多选", "下面哪些属于“三大纪律”？", "听指挥", "买卖公平", "缴获归公", "", "AC", ""),
    ("", "判断", "红军长征从1934年10月开始。", "", "", "", "", "正确", ""),
    ("", "填空", "中国共产党成立于____年。", "", "", "", "", "1921；一九二一", ""),
)  # fmt: skip


def export_questions(questions: QuerySet[Question]) -> bytes:
    """An .xlsx of the newest versions, a row each."""
    versions = QuestionVersion.objects.filter(question__in=questions)
    rows = versions.filter(number=F("question__newest")).select_related("question", "image")
    found = [(row.question, row) for row in rows.order_by("question")]
    width = max([LEAST_OPTIONS, *(len(version.words.options) for _, version in found)])
    places = _Places()
    pictures = _pictures_of([version for _, version in found])
    return _file(width, (_cells(q, version, width, places) for q, version in found), pictures)


def sample_file() -> bytes:
    """样表: the names of the columns and a question of each kind."""
    return _file(LEAST_OPTIONS, SAMPLES)


def _file(
    width: int, rows: Iterable[Iterable[object]], pictures: Mapping[int, bytes] | None = None
) -> bytes:
    """``pictures`` by the place of the row among the questions."""
    book, sheet = start_sheet("题库")
    options = [f"选项{chr(ord('A') + n)}" for n in range(width)]
    head = [*_BEFORE, *options, *_AFTER]
    add_rows(sheet, [head, *(map(_as_text, row) for row in rows)])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.number_format = "@"  # text: 1/2 stays 1/2
    for place, data in (pictures or {}).items():
        if data:
            _anchor(sheet, len(head), place + 2, data)
        else:
            sheet.cell(place + 2, len(head)).value = UNREADABLE
    return xlsx_bytes(book)


def _anchor(sheet: Any, column: int, row: int, data: bytes) -> None:
    from openpyxl.drawing.image import Image  # see core.spreadsheets
    from openpyxl.utils import get_column_letter

    picture: Any = Image(BytesIO(data))
    picture.width, picture.height = picture.width * SHOWN_HEIGHT / picture.height, SHOWN_HEIGHT
    picture.anchor = f"{get_column_letter(column)}{row}"
    sheet.row_dimensions[row].height = SHOWN_HEIGHT * 0.8  # points
    sheet.add_image(picture)


def _pictures_of(versions: Iterable[QuestionVersion]) -> dict[int, bytes]:
    """By place, empty for one that cannot be read. Raises Invalid where all are too large for one
    file."""
    found, total = {}, 0
    for place, version in enumerate(versions):
        if version.words.picture:
            found[place] = _picture_of(version)
            total += len(found[place])
        if total > MOST_PICTURES_BYTES:
            raise Invalid(
                "pictures_too_large",
                f"题里的图片加起来超过 {MOST_PICTURES_BYTES // 1_000_000} MB，一个文件放不下。"
                "请按词、题型或类别找出一部分，再导出。",
            )
    return found


def _picture_of(version: QuestionVersion) -> bytes:
    image: Any = version.image
    try:
        with image.file.open("rb") as file:
            return sheet_form(file.read())
    # Decoders raise whatever they like over a broken file.
    except Exception:
        logger.warning("A picture of the bank cannot be read: %s", version, exc_info=True)
        return b""


def _as_text(value: object) -> str:
    return as_written(str(value))


def _cells(
    question: Question, version: QuestionVersion, width: int, places: "_Places"
) -> Iterator[object]:
    words = version.words
    yield from (str(question.pk), KINDS[words.kind], words.stem)
    texts = [_option(n, one.text) for n, one in enumerate(words.options)]
    yield from texts + [""] * (width - len(texts))
    yield from (_answer(version), words.explanation, words.source, question.category)
    yield "停用" if question.state == Question.State.RETIRED else ""
    yield from places.named(version)
    picture = words.picture
    yield from (picture.alt, picture.source, "") if picture else ("", "", "")


def _option(place: int, text: str) -> str:
    """What begins with its own letter gets one more, which is taken off when it is read."""
    letter = chr(ord("A") + place)
    return f"{letter}.{text}" if without_own_letter(text, place) != text else text


def _answer(version: QuestionVersion) -> str:
    words = version.words
    if words.kind == "truefalse":
        return "正确" if words.truth == "true" else "错误"
    if words.kind == "blank":
        return written(words.accepted)
    return "".join(chr(ord("A") + n) for n, one in enumerate(words.options) if one.correct)


class _Places:
    """Titles of cited lessons and sections; each lesson is read once."""

    def __init__(self) -> None:
        self.read: dict[Any, tuple[str, dict[str, str]]] = {}

    def named(self, version: QuestionVersion) -> tuple[str, str]:
        if version.lesson_key is None:
            return "", ""
        if version.lesson_key not in self.read:
            self.read[version.lesson_key] = self._read(version.lesson_key)
        title, sections = self.read[version.lesson_key]
        section = sections.get(version.section, "")
        return (title, section) if section else ("", "")

    def _read(self, key: Any) -> tuple[str, dict[str, str]]:
        page = LessonPage.objects.filter(translation_key=key).first()
        if page is None:
            return "", {}
        draft = page.get_latest_revision_as_object()
        sections = {str(one.id): one.title for one in document_of(draft.body).sections}
        return page.title, sections
