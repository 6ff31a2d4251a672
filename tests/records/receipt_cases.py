"""Random lessons and what a phone may have recorded of them."""

import random
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from content.outline import Option, Outline, Question, Quiz, Section
from studyhub.records.receipts import START, Writer

Case = tuple[Writer, Outline | None, UUID | None, int, list[dict[str, Any]]]
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
IDS = st.uuids()


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(["single", "multi", "truefalse", "blank"]))
    choosing = kind in ("single", "multi")
    texts = draw(st.lists(IDS, min_size=2, max_size=6, unique=True)) if choosing else []
    options = tuple(Option(str(one), "选项") for one in texts)
    accepted = tuple(draw(st.lists(WORDS, min_size=1, max_size=3))) if kind == "blank" else ()
    answer: Any = {"single": "", "multi": [], "truefalse": True, "blank": ""}[kind]
    return Question(str(draw(IDS)), kind, "题", options, answer, accepted, "解析", None, "")


@st.composite
def outlines(draw):
    sections = tuple(
        Section(one, "节", True) for one in draw(st.lists(IDS, max_size=9, unique=True))
    )
    quiz = None
    if draw(st.booleans()):
        asked = draw(st.lists(questions(), min_size=1, max_size=6))
        quiz = Quiz(str(draw(IDS)), "自测", True, 60, tuple(asked))
    return Outline(draw(IDS), draw(st.integers(1, 40)), "课", sections, quiz)


@st.composite
def answers_to(draw, quiz):
    given: dict[str, Any] = {}
    for question in quiz.questions:
        options = [option.id for option in question.options]
        ordinary = {
            "single": st.sampled_from(options or [""]),
            "multi": st.lists(st.sampled_from(options or [""]), unique=True).map(sorted),
            "truefalse": st.booleans(),
            "blank": st.sampled_from(question.accepted or ("",)),
        }[question.kind]
        strange = st.one_of(WORDS, st.none(), st.booleans(), st.lists(WORDS, max_size=2))
        pick = draw(st.integers(0, 9))
        if pick:
            given[question.id] = draw(strange if pick == 1 else ordinary)
    return given


def as_a_phone_holds_it(data: dict[str, str]) -> dict[str, str]:
    """JavaScript puts names that are whole numbers first, in their order; no phone ever holds, or
    writes, another."""
    numbers = [name for name in data if re.fullmatch("0|[1-9][0-9]{0,8}", name)]
    return {name: data[name] for name in sorted(numbers, key=int)} | data


@st.composite
def data_of(draw, kind, outline, own_id):
    """Mostly what our own pages record; now and then what no page of ours would."""
    if draw(st.integers(0, 9)) == 0:
        return as_a_phone_holds_it(draw(st.dictionaries(WORDS, WORDS, max_size=2)))
    if kind == "sections_read":
        known = [str(s.id) for s in outline.sections] if outline else []
        pool = st.sampled_from(known) if known else IDS.map(str)
        return {"section_ids": sorted(draw(st.lists(pool, min_size=1, unique=True, max_size=9)))}
    if kind == "quiz_attempt" and outline and outline.quiz:
        attempt = draw(st.one_of(st.just(own_id), IDS.map(str)))
        answers = draw(answers_to(outline.quiz))
        return {"quiz_id": outline.quiz.id, "attempt_id": attempt, "answers": answers}
    return {"text": draw(WORDS)} if kind == "reflection" else {}


@st.composite
def a_case(draw) -> Case:
    writer = Writer(draw(IDS), draw(IDS))
    outline = draw(st.one_of(outlines(), st.none()))
    lesson_key = outline.lesson_key if outline else draw(st.one_of(IDS, st.none()))
    revision = outline.revision if outline else 0
    seconds, seq, records = draw(st.integers(-50, 2**30)), draw(st.integers(1, 2**40)), []
    for _ in range(draw(st.integers(1, 6))):
        kinds = ["sections_read", "lesson_finished", "quiz_attempt", "reflection", "mark"]
        kind = draw(st.sampled_from(kinds))
        own_id = str(draw(st.one_of(st.just(writer.rule_id(max(0, seconds), seq)), IDS)))
        at = START + timedelta(seconds=seconds, milliseconds=draw(st.sampled_from([0, 0, 0, 7])))
        data = draw(data_of(kind, outline, own_id))
        spelled = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        records.append({"id": own_id, "seq": seq, "kind": kind, "at": spelled, "data": data})
        seq += draw(st.integers(1, 6))
        seconds += draw(st.integers(-40, 5000))
    return writer, outline, lesson_key, revision, records


def a_plain_study(seed: int) -> Case:
    """What an ordinary evening leaves in the queue of one lesson."""
    dice = random.Random(seed)

    def uid() -> UUID:
        return UUID(int=dice.getrandbits(128))

    sections = tuple(Section(uid(), "节", True) for _ in range(4))
    asked = []
    for kind in ("single", "single", "multi", "truefalse", "blank"):
        count = 4 if kind in ("single", "multi") else 0
        options = tuple(Option(str(uid()), "选项") for _ in range(count))
        accepted = ("20", "二十") if kind == "blank" else ()
        asked.append(Question(str(uid()), kind, "题", options, "", accepted, "解析", None, ""))
    quiz = Quiz(str(uid()), "自测", True, 60, tuple(asked))
    outline = Outline(uid(), dice.randint(1, 5), "遵义会议", sections, quiz)
    writer = Writer(uid(), uid())
    seconds, seq, records = dice.randint(2 * 10**7, 9 * 10**7), dice.randint(1, 300), []

    def add(kind: str, data: dict[str, Any]) -> None:
        nonlocal seconds, seq
        own_id = str(writer.rule_id(seconds, seq))
        at = (START + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
        data = {**data, "attempt_id": own_id} if kind == "quiz_attempt" else data
        records.append({"id": own_id, "seq": seq, "kind": kind, "at": at, "data": data})
        seq, seconds = seq + 1, seconds + dice.randint(20, 250)

    for section in sections[:3]:
        add("sections_read", {"section_ids": [str(section.id)]})
    picked = [q.options[dice.randrange(4)].id for q in asked[:2]]
    several = sorted(option.id for option in asked[2].options[:2])
    values = [*picked, several, True, "二十"]
    answers = {q.id: value for q, value in zip(asked, values, strict=True)}
    add("quiz_attempt", {"quiz_id": quiz.id, "answers": answers})
    add("lesson_finished", {})
    return writer, outline, outline.lesson_key, outline.revision, records
