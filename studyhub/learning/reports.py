"""Reports of what people answered, for those who keep the questions. Counts, never names."""

from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content.desk_reports import DeskReport, Row
from content.question_bank.rights import may_read
from studyhub.core.ids import parse_uuid
from studyhub.learning.missed_questions import (
    LEAST,
    MissedQuestion,
    missed_in,
    missed_questions,
    missed_sections,
)

EMPTY = f"还没有一道题有 {LEAST} 个人答过。少于 {LEAST} 个人的不列。"


class _Missed(DeskReport):
    """Of every lesson, or of the one that the address names."""

    header_icon, empty, of_questions = "help", EMPTY, True

    @classmethod
    def is_for(cls, user: Any) -> bool:
        return may_read(user)

    @property
    def keys(self) -> list[UUID] | None:
        """None for all."""
        asked = self.request.GET.get("lesson")
        key = parse_uuid(asked)
        return None if not asked else [key] if key else []

    @property
    def no_results_message(self) -> str:
        return self.empty if self.keys != [] else "没有这一课。请打开那一课的“题库”，从那里进来。"


class MissedQuestionsReport(_Missed):
    """大家常错的题: the first answer of each person."""

    slug, page_title = "missed-questions", "大家常错的题"
    headings = {
        "stem": "题目",
        "people": "多少人答过",
        "wrong": "第一次答错的",
        "percent": "答错的百分比",
        "choices": "各选项多少人选",
        "lesson": "课",
        "section": "出自哪一小节",
    }

    def rows(self) -> list[Row]:
        return [
            {
                "lesson": line.lesson,
                "section": line.section,
                "stem": f"{line.number}. {line.question.stem}",
                "people": line.people,
                "wrong": line.wrong,
                "percent": line.percent,
                "choices": choices_in_words(line),
            }
            for line in missed_questions(self.keys)
        ]


class MissedSectionsReport(_Missed):
    """大家常错的小节: what is asked about each, summed."""

    slug, page_title = "missed-sections", "大家常错的小节"
    headings = {
        "lesson": "课",
        "section": "小节",
        "questions": "几道题",
        "answers": "一共答了几次",
        "wrong": "其中答错",
        "percent": "答错的百分比",
    }

    def rows(self) -> list[Row]:
        names = [name for name in self.headings if name != "section"]
        return [
            {"section": one.section or "（没有写出自哪一节）"}
            | {name: getattr(one, name) for name in names}
            for one in missed_sections(self.keys)
        ]


def choices_in_words(line: MissedQuestion) -> str:
    """√ stands before what is right."""
    told = (f"{'√' if right else ''}{words} {count}" for words, count, right in line.choices)
    return "；".join(told)


def missed_question(places: list[tuple[UUID, str]]) -> SafeString:
    """Beside a question of the bank: lesson by lesson, without a sum."""
    lines = missed_in(places)
    return render_to_string("learning/missed_question.html", {"lines": lines, "least": LEAST})
