"""A question as a file says it, in words that are understood or with a sentence that says what to
do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from content.question_bank import answers
from content.question_bank.file_pictures import NOT_YET
from content.question_wording import KINDS, Choice, QuestionPicture, Wording, problem_of
from studyhub.core.characters import one_line

Standing = tuple[int, str, str]  # number of the newest version, category, state


@dataclass(frozen=True)
class Row:
    """``number`` as the file counts, ``unit`` what it counts: 行 or 题. ``problem`` says what to
    do, ``notes`` what one should know; with a problem ``wording`` is None. ``lesson`` and
    ``section`` are titles. ``seen`` is how the question it names stood in the bank when somebody
    looked; None where nobody did. ``digest`` is that of the picture, ``says_picture`` whether the
    file tells of pictures at all: else the question keeps its own."""

    number: int
    stem: str
    wording: Wording | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    id: int | None = None
    category: str = ""
    retired: bool = False
    lesson: str = ""
    section: str = ""
    seen: Standing | None = None
    unit: str = "行"
    digest: str = ""
    says_picture: bool = False

    @property
    def place(self) -> str:
        return f"第 {self.number} {self.unit}"


@dataclass(frozen=True)
class Questions:
    """``notes`` are of the whole file; ``pictures`` as they are kept, by digest."""

    rows: list[Row]
    notes: list[str]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def row_of(said: dict[str, str], options: Sequence[str], *, digest: str = "", **shared: Any) -> Row:
    """``said`` are the words by the names of the columns, ``options`` without their letters,
    ``digest`` that of its picture."""
    kind = _kind(said, options)
    if kind not in KINDS:
        return Row(problem=f"题型“{said['kind']}”这里没有：可以写单选、多选、判断、填空", **shared)
    wording, problem = _wording(kind, said, options)
    wording = replace(wording, picture=_picture(said, digest))
    problem = problem or _words(problem_of(wording)) or _meta_problem(said)
    if problem:
        return Row(problem=problem, **shared)
    return Row(
        wording=wording,
        notes=_row_notes(wording),
        id=int(said["id"]) if said.get("id") else None,
        category=one_line(said.get("category", "")),
        retired=said.get("state", "") == "停用",
        lesson=one_line(said.get("lesson", "")),
        section=one_line(said.get("section", "")),
        digest=digest,
        **shared,
    )


def _picture(said: dict[str, str], digest: str) -> QuestionPicture | None:
    if not digest:
        return None
    return QuestionPicture(
        NOT_YET, one_line(said.get("alt", "")), one_line(said.get("image_source", ""))
    )


def _kind(said: dict[str, str], options: Sequence[str]) -> str:
    if said.get("kind"):
        return answers.kind_of(said["kind"])
    if options:
        places = answers.chosen(said["answer"], options) or []
        return "multi" if len(places) > 1 else "single"
    return "truefalse" if answers.truth_of(said["answer"]) else "blank"


def _wording(kind: str, said: dict[str, str], options: Sequence[str]) -> tuple[Wording, str]:
    names = ("stem", "explanation", "source")
    plain: dict[str, Any] = {name: one_line(said.get(name, "")) for name in names}
    answer = said["answer"]
    if not answer:
        return Wording(kind, **plain), "没有写答案"
    if kind == "truefalse":
        truth = answers.truth_of(answer) or _truth_by_letter(answer, options)
        return Wording(kind, truth=truth, **plain), "" if truth else _not_true_or_false(answer)
    if kind == "blank":
        return Wording(kind, accepted=answers.spellings(answer), **plain), ""
    gap = answers.has_gap(options)
    if gap is not None:
        return Wording(kind, **plain), f"选项 {chr(ord('A') + gap)} 是空的，后面却还有选项"
    places = answers.chosen(answer, options)
    if places is None:
        return Wording(kind, **plain), f"答案“{one_line(answer)}”不在选项里"
    choices = tuple(Choice(text, n in places) for n, text in enumerate(options))
    return Wording(kind, options=choices, **plain), ""


def _truth_by_letter(answer: str, options: Sequence[str]) -> str:
    places = answers.chosen(answer, options) if options else None
    return answers.truth_of(options[places[0]]) if places and len(places) == 1 else ""


def _not_true_or_false(answer: str) -> str:
    return f"判断题的答案“{one_line(answer)}”看不懂：请写“正确”或“错误”"


def _words(problem: tuple[str, str] | None) -> str:
    return problem[1] if problem else ""


def _meta_problem(said: dict[str, str]) -> str:
    if said.get("id") and not re.fullmatch(r"[0-9]{1,9}", said["id"]):
        return f"题库编号“{one_line(said['id'])}”不对：新题请空着"
    if len(said.get("category", "")) > 40:
        return "类别最多 40 字"
    return ""


def picture_problem(said: dict[str, str], digest: str) -> str:
    """What to do where the words of a row speak of a picture that is not there."""
    if digest or not any(said.get(name) for name in ("picture", "alt", "image_source")):
        return ""
    return (
        "写着图片的说明或来源，这一行却没有图片：请把图片移到这一行（左上角要落在这一行里），"
        "或者清空这几格"
    )


def _row_notes(wording: Wording) -> tuple[str, ...]:
    notes = []
    if wording.has_fixed_order:
        notes.append("选项互相指代（如“以上都对”），次序不会打乱")
    if not wording.explanation:
        notes.append("没有解析，放进课里以后要补")
    if picture := wording.picture:
        missing = {"画面说明": picture.alt, "来源": picture.source}
        names = "、".join(name for name, words in missing.items() if not words)
        notes.append(f"有图片，没有写{names}，放进课里以后要补" if names else "有图片")
    return tuple(notes)
