"""The bank as a spreadsheet that is read back as it was; and an empty one to begin with."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, QuerySet

from content.document import document_of
from content.models import LessonPage, Question, QuestionVersion
from content.question_bank.answers import without_own_letter, written
from content.question_bank.apostrophes import as_written
from content.question_wording import KINDS
from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes

LEAST_OPTIONS = 4
_BEFORE = ("题库编号", "题型", "题目")
_AFTER = ("答案", "解析", "依据", "类别", "状态", "课", "小节")
SAMPLES = (
    ("", "单选", "遵义会议是在哪一年召开的？", "1934年", "1935年", "", "", "B", "1935年1月召开。"),
    ("", "多选", "下面哪些属于“三大纪律”？", "听指挥", "买卖公平", "缴获归公", "", "AC", ""),
    ("", "判断", "红军长征从1934年10月开始。", "", "", "", "", "正确", ""),
    ("", "填空", "中国共产党成立于____年。", "", "", "", "", "1921；一九二一", ""),
)  # fmt: skip


def export_questions(questions: QuerySet[Question]) -> bytes:
    """An .xlsx of the newest versions, a row each."""
    versions = QuestionVersion.objects.filter(question__in=questions)
    rows = versions.filter(number=F("question__newest")).select_related("question")
    found = [(row.question, row) for row in rows.order_by("question")]
    width = max([LEAST_OPTIONS, *(len(version.words.options) for _, version in found)])
    places = _Places()
    return _file(width, (_cells(q, version, width, places) for q, version in found))


def sample_file() -> bytes:
    """样表: the names of the columns and a question of each kind."""
    return _file(LEAST_OPTIONS, SAMPLES)


def _file(width: int, rows: Iterable[Iterable[object]]) -> bytes:
    book, sheet = start_sheet("题库")
    options = [f"选项{chr(ord('A') + n)}" for n in range(width)]
    head = [*_BEFORE, *options, *_AFTER]
    add_rows(sheet, [head, *(map(_as_text, row) for row in rows)])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.number_format = "@"  # text: 1/2 stays 1/2
    return xlsx_bytes(book)


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
