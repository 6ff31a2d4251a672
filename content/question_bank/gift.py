"""The bank as GIFT, the text that Moodle and its like read.

It knows neither versions nor sections, and no pictures: what is left out is said in it.
"""

import re
from collections.abc import Iterable, Iterator

from django.db.models import F, QuerySet

from content.models import Question, QuestionVersion
from content.question_wording import Wording

_CONTROL = re.compile(r"[\\~=#{}:]")
NO_CATEGORY = "题库"
MOST_RIGHT = 10  # Moodle knows a tenth of the marks and no eleventh


def gift_text(questions: QuerySet[Question]) -> str:
    """The newest versions, by category; those of one without a category stand first."""
    versions = QuestionVersion.objects.filter(question__in=questions)
    rows = versions.filter(number=F("question__newest")).select_related("question")
    return "\n\n".join(_parts(rows.order_by("question__category", "question_id"))) + "\n"


def _parts(versions: Iterable[QuestionVersion]) -> Iterator[str]:
    category = None
    for version in versions:
        if version.question.category != category:
            category = version.question.category
            yield f"$CATEGORY: {(category or NO_CATEGORY).replace('/', '//')}"
        yield gift_of(version.words, version.question_id)


def gift_of(words: Wording, number: int) -> str:
    """One question; a remark alone where Moodle has no words for it."""
    right = sum(one.correct for one in words.options)
    if right > MOST_RIGHT:
        return f"// 题库第 {number} 题有 {right} 个正确选项，GIFT 最多 {MOST_RIGHT} 个，没有导出。"
    if any("->" in text for text in words.accepted):  # pairs to be matched, for Moodle
        return f"// 题库第 {number} 题的答案里有“->”，GIFT 会认错，没有导出。"
    remarks = [f"// 题库第 {number} 题"]
    if words.picture:
        alt = " ".join(words.picture.alt.split())
        remarks.append(f"// 这一题有图片，GIFT 带不走，请另外加上：{alt or '（没有写画面说明）'}")
    told = f"\n####{escaped(words.explanation)}" if words.explanation else ""
    body = "\n".join(_answers(words, right))
    question = f"::题库 {number}::[plain]{escaped(words.stem)} {{\n{body}{told}\n}}"
    return "\n".join([*remarks, question])


def _answers(words: Wording, right: int) -> Iterator[str]:
    if words.kind == "truefalse":
        yield "TRUE" if words.truth == "true" else "FALSE"
    elif words.kind == "blank":
        # A star of its own would stand for anything.
        yield from (f"={escaped(text).replace('*', chr(92) + '*')}" for text in words.accepted)
    elif words.kind == "multi":
        share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
        for one in words.options:
            yield f"~%{share if one.correct else -100}%{escaped(one.text)}"
    else:
        yield from (f"{'=' if one.correct else '~'}{escaped(one.text)}" for one in words.options)


def escaped(text: str) -> str:
    """On one line, with a backslash before each sign that GIFT reads itself."""
    return _CONTROL.sub(lambda sign: f"\\{sign[0]}", " ".join(text.split()))
