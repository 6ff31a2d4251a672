"""A question in words: what the bank keeps, a lesson holds a copy of, and a spreadsheet says.

Plain values; the one place that knows when an answer fits its kind.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from studyhub.core.characters import shows_nothing, without_unseen

KINDS = {"single": "单选", "multi": "多选", "truefalse": "判断", "blank": "填空"}
MOST_OPTIONS = 12
MOST_QUESTIONS = 10  # of one self-check
LONGEST = {"stem": 200, "option": 80, "explanation": 200, "source": 120}
LONGEST_OF_PICTURE = {"alt": 120, "source": 80}
_NO_WORDS = re.compile(r"[\W_]+")
# Options that speak of others by their place: their order stays.
_OF_OTHERS = re.compile(
    r"以上|上述|前[两二三四]项|都不?对|都不?正确|全对|全错|全部正确|均不?对|均不?正确"
    r"|[A-LＡ-Ｌ]\s*[和、与及]\s*[A-LＡ-Ｌ]"
)


@dataclass(frozen=True)
class Choice:
    text: str
    correct: bool = False


@dataclass(frozen=True)
class QuestionPicture:
    """By the number of its image, 0 where that is gone; ``alt`` is read to who cannot see it."""

    image_id: int
    alt: str = ""
    source: str = ""

    @classmethod
    def fields_of(cls, picture: "QuestionPicture | None") -> dict[str, Any]:
        """As forms and blocks of a question name them, also where there is none."""
        shown = picture or cls(0)
        return {
            "image": shown.image_id or None,
            "image_alt": shown.alt,
            "image_source": shown.source,
        }


@dataclass(frozen=True)
class Wording:
    """``truth`` is ``true``, ``false`` or empty; ``accepted`` are the spellings of a blank, the
    first of them shown as the answer. What does not belong to the kind is empty."""

    kind: str
    stem: str
    options: tuple[Choice, ...] = ()
    truth: str = ""
    accepted: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""
    picture: QuestionPicture | None = None

    @property
    def has_fixed_order(self) -> bool:
        return speak_of_each_other(one.text for one in self.options)

    @property
    def answer(self) -> str:
        """As people read it."""
        if self.kind == "truefalse":
            return {"true": "对", "false": "错"}.get(self.truth, "")
        if self.kind == "blank":
            return "，或".join(self.accepted)
        return "；".join(one.text for one in self.options if one.correct)

    def to_json(self) -> dict[str, Any]:
        """Without a picture as before there were any: the version before knows no such field."""
        stored = asdict(self)
        return stored if self.picture else {k: v for k, v in stored.items() if k != "picture"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wording":
        options = tuple(Choice(**one) for one in stored["options"])
        shown = stored.get("picture")
        picture = QuestionPicture(**shown) if shown else None
        lists = {"options": options, "accepted": tuple(stored["accepted"])}
        return cls(**{**stored, **lists, "picture": picture})


def speak_of_each_other(options: Iterable[str]) -> bool:
    return any(_OF_OTHERS.search(text) for text in options)


def stem_key(stem: str) -> str:
    """Equal for stems that differ in width, spaces, punctuation and gaps alone.

    One of signs alone is told apart by its signs.
    """
    folded = unicodedata.normalize("NFKC", stem)
    return (_NO_WORDS.sub("", folded).casefold() or "".join(folded.split()))[:200]


def _looks(option: str) -> str:
    """Equal for options that a reader cannot tell apart."""
    return without_unseen(unicodedata.normalize("NFKC", option)).strip()


def key_problem(wording: Wording) -> tuple[str, str] | None:
    """The field at fault and what to do about it, or None when the answer fits the kind."""
    right = sum(one.correct for one in wording.options)
    if wording.kind in ("single", "multi") and len(wording.options) < 2:
        return "options", "选择题至少要有两个选项"
    if wording.kind == "single" and right != 1:
        return "options", "单选题要勾选且只勾选一个正确选项"
    if wording.kind == "multi" and right < 2:
        return "options", "多选题至少勾选两个正确选项；只有一个时请用单选题"
    if wording.kind == "truefalse" and wording.truth not in ("true", "false"):
        return "truth", "判断题请选“对”或“错”"
    if wording.kind == "blank" and all(map(shows_nothing, wording.accepted)):
        return "accepted", "填空题请写出标准答案"
    return None


def problem_of(wording: Wording) -> tuple[str, str] | None:
    """As ``key_problem``, of everything that a bank asks of a question."""
    if wording.kind not in KINDS:
        return "kind", "题型请选单选、多选、判断或填空"
    if shows_nothing(wording.stem):
        return "stem", "题目还没有写"
    return key_problem(wording) or _size_problem(wording) or _picture_problem(wording.picture)


def _size_problem(wording: Wording) -> tuple[str, str] | None:
    if len(wording.options) > MOST_OPTIONS:
        return "options", f"最多 {MOST_OPTIONS} 个选项，现在有 {len(wording.options)} 个"
    texts = [one.text for one in wording.options]
    if any(map(shows_nothing, texts)):
        return "options", "有一个选项是空的"
    if len(set(map(_looks, texts))) < len(texts):
        return "options", "有两个选项一样（全角、半角不算不同）"
    if any(len(text) > LONGEST["option"] for text in texts):
        return "options", f"一个选项最多 {LONGEST['option']} 字"
    names = {"stem": "题目", "explanation": "解析", "source": "依据"}
    for field, name in names.items():
        if len(getattr(wording, field)) > LONGEST[field]:
            return field, f"{name}最多 {LONGEST[field]} 字"
    return None


def _picture_problem(picture: QuestionPicture | None) -> tuple[str, str] | None:
    if picture is None:
        return None
    if not picture.image_id:
        return "image", "原来的图片已经删除了，请重新选一张，或者去掉图片的说明和来源"
    for field, name in {"alt": "画面说明", "source": "图片来源"}.items():
        if len(getattr(picture, field)) > LONGEST_OF_PICTURE[field]:
            return f"image_{field}", f"{name}最多 {LONGEST_OF_PICTURE[field]} 字"
    return None
