"""Pages and people for tests. People have names: 其其格 studies, 巴图 is in her group, 乌云 leads
it."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from content import catalogue, lesson_files
from content.models import CoursePage, LessonPage
from content.outline import Outline
from studyhub.core.ids import uuid7
from studyhub.people.groups import join_group
from studyhub.people.models import Branch, Duty, Member, StudyGroup, User

PASSWORD = "a-long-test-password"
LONG_AGO = date(2025, 1, 1)
NOON = "2026-11-20T12:00:00+08:00"

QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": "single",
        "stem": "队伍在哪里停下来开会？",
        "options": [("遵义", True), ("延安", False), ("瑞金", False)],
    },
    {"kind": "truefalse", "stem": "会开了三天。", "truth": "true"},
    {"kind": "blank", "stem": "有几个人到会？", "accepted": "20\n二十"},
    {
        "kind": "multi",
        "stem": "三人小组有谁？",
        "options": [("周恩来", True), ("毛泽东", True), ("王稼祥", True), ("博古", False)],
    },
]


def a_tree() -> lesson_files.Tree:
    return lesson_files.ensure_tree(
        site_name="指尖课堂", welcome="欢迎", contact="联络员", hostname="testserver", port=80
    )


def a_course(slug: str = "changzheng", title: str = "长征与抗战") -> CoursePage:
    data = {"slug": slug, "title": title, "summary": "走过的路", "category": "theory"}
    return lesson_files.load_course(a_tree(), data)


def section(heading: str, *, required: bool = True, text: str = "", id: str = "") -> dict[str, Any]:
    text = text or f"<p>{heading}的正文，讲给在外面干活的人听。</p>"
    value = {"heading": heading, "text": text, "required": required}
    return {"type": "section", "id": id or str(uuid4()), "value": value}


def self_check(
    questions: list[dict[str, Any]] | None = None,
    *,
    cites: str = "第一节",
    required: bool = True,
    pass_mark: int = 60,
    id: str = "",
) -> dict[str, Any]:
    items = []
    for question in questions or QUESTIONS:
        options = [
            {"type": "item", "id": str(uuid4()), "value": {"text": text, "correct": correct}}
            for text, correct in question.get("options", [])
        ]
        value = {
            "truth": "",
            "accepted": "",
            "explanation": "正文里写着。",
            "section": cites,
            "source": "史实卡",
            **question,
            "options": options,
        }
        items.append({"type": "item", "id": str(uuid4()), "value": value})
    value = {"title": "自测", "required": required, "pass_mark": pass_mark, "questions": items}
    return {"type": "self_check", "id": id or str(uuid4()), "value": value}


def a_body(*, quiz: bool = True) -> list[dict[str, Any]]:
    body = [section("第一节"), section("第二节"), section("选读", required=False)]
    return [*body, self_check()] if quiz else body


def a_lesson(
    course: CoursePage | None = None,
    *,
    slug: str = "",
    title: str = "遵义会议",
    body: list[dict[str, Any]] | None = None,
    quiz: bool = True,
    publish: bool = True,
) -> LessonPage:
    """A lesson with two required sections, an optional one and, by default, a self-check."""
    page = LessonPage(
        title=title,
        slug=slug or f"lesson-{uuid4().hex[:8]}",
        summary="三天的会，换对了带路的人。",
        live=False,
    )
    page.body = page.body.stream_block.to_python(body or a_body(quiz=quiz))
    (course or a_course()).add_child(instance=page)
    return publish_page(page) if publish else page


def publish_page(page: LessonPage) -> LessonPage:
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def outline_of(page: LessonPage, revision: int | None = None) -> Outline:
    return catalogue.outline(page.translation_key, revision)


def a_user(username: str, name: str = "", **fields: Any) -> User:
    user = User(username=username, display_name=name or username, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def a_member(name: str = "其其格", *, username: str = "", **fields: Any) -> Member:
    user = a_user(username or f"u{uuid4().hex[:8]}", name)
    return Member.objects.create(user=user, name=name, phone="13900001234", **fields)


def a_branch(name: str = "旗委", parent: Branch | None = None) -> Branch:
    if parent is None:
        return Branch.add_root(name=name)
    return Branch.objects.get(pk=parent.pk).add_child(name=name)


def a_group(*members: Member, branch: Branch | None = None, name: str = "北京小组") -> StudyGroup:
    group = StudyGroup.objects.create(name=name, branch=branch or a_branch())
    for member in members:
        join_group(member=member, group=group, on=LONG_AGO)
    return group


def a_leader(group: StudyGroup, username: str = "wuyun", name: str = "乌云") -> User:
    user = a_user(username, name)
    Duty.objects.create(user=user, kind=Duty.Kind.LEADER, group=group, starts_on=LONG_AGO)
    return user


def an_orgadmin(branch: Branch, username: str = "zuzhibu") -> User:
    user = a_user(username)
    Duty.objects.create(user=user, kind=Duty.Kind.ORGADMIN, branch=branch, starts_on=LONG_AGO)
    return user


def a_record(kind: str, lesson: UUID | None = None, **fields: Any) -> dict[str, Any]:
    """One record as a phone sends it; ``data`` and any other field can be given."""
    record: dict[str, Any] = {"id": str(uuid7()), "seq": 1, "kind": kind, "at": NOON, "data": {}}
    if lesson:
        record["lesson_id"] = str(lesson)
    return record | fields


def read_record(outline: Outline, *, only: int | None = None, **fields: Any) -> dict[str, Any]:
    ids = [str(s.id) for s in outline.sections if s.required][:only]
    fields = {"revision": outline.revision, "data": {"section_ids": ids}, **fields}
    return a_record("sections_read", outline.lesson_key, **fields)


def attempt_record(outline: Outline, *, right: bool = True, **fields: Any) -> dict[str, Any]:
    assert outline.quiz
    answers = {q.id: q.answer if right else "不知道" for q in outline.quiz.questions}
    data = {"quiz_id": outline.quiz.id, "attempt_id": str(uuid4()), "answers": answers}
    return a_record(
        "quiz_attempt", outline.lesson_key, revision=outline.revision, data=data, **fields
    )


def finished_record(outline: Outline, **fields: Any) -> dict[str, Any]:
    return a_record("lesson_finished", outline.lesson_key, revision=outline.revision, **fields)


def whole_study(outline: Outline) -> list[dict[str, Any]]:
    """Everything it takes to finish a lesson."""
    records = [read_record(outline), finished_record(outline)]
    if outline.quiz:
        records.append(attempt_record(outline))
    for seq, record in enumerate(records, start=1):
        record["seq"] = seq
    return records


def device(number: int = 1) -> UUID:
    return uuid5(NAMESPACE_URL, f"phone-{number}")
