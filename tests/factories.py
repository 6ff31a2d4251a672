"""People, groups, plans, pages and records for tests.

People have names: 其其格 studies, 巴图 is in her group, 乌云 leads it.
"""

from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import factory
from django.core.management import call_command
from factory import LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page

from content import catalogue, fixed_pages, lesson_files
from content.models import CoursePage, LessonPage, Pronunciation, ReadingSignOff, SignOff
from content.models.signing import sign_for_all
from content.outline import Outline
from studyhub.core.clock import today
from studyhub.core.ids import uuid7
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.learning.submissions import Submission, submit_records
from studyhub.people.models import (
    Branch,
    BranchMembership,
    Duty,
    GroupMembership,
    Member,
    StudyGroup,
    User,
)
from studyhub.records.models import DeviceCursor, Record

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


def a_tree() -> fixed_pages.Tree:
    if not Page.objects.exists():  # a test that empties the database was here before
        locale, _ = Locale.objects.get_or_create(language_code="zh-hans")
        Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    return fixed_pages.ensure_pages("http://testserver")


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


def cited(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same blocks, with the headings that questions cite as ids, as the editor stores them."""
    ids = {b["value"]["heading"]: b["id"] for b in body if b["type"] == "section"}
    for check in (block for block in body if block["type"] == "self_check"):
        for item in check["value"]["questions"]:
            value = item["value"]
            value["section"] = ids.get(value["section"], value["section"])
    return body


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
    page.body = page.body.stream_block.to_python(cited(body or a_body(quiz=quiz)))
    (course or a_course()).add_child(instance=page)
    return publish_page(page) if publish else page


def publish_page(page: LessonPage) -> LessonPage:
    """As it stands, signed or not; where reviews are on, it counts as there before them."""
    sign_for_all(page, SignOff.Kind.BEFORE)
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def a_reading(term: str = "瓦窑堡", pinyin: str = "wǎ yáo bǔ", **fields: str) -> Pronunciation:
    """Of the lexicon, and in use."""
    return in_use(Pronunciation.objects.create(term=term, pinyin=pinyin, **fields))


def in_use(reading: Pronunciation) -> Pronunciation:
    """As it is worded now, as if there before anybody had to sign."""
    ReadingSignOff.objects.create(reading=reading)
    return Pronunciation.objects.get(pk=reading.pk)


def outline_of(page: LessonPage, revision: int | None = None) -> Outline:
    return catalogue.outline(page.translation_key, revision)


# People ---------------------------------------------------------------------------------------
def days(count: int) -> Any:
    """The day that lies so many days from today, for a factory's field."""
    return LazyFunction(lambda: today() + timedelta(days=count))


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"user{n}")
    display_name = SelfAttribute("username")
    password = factory.django.Password(PASSWORD)


class MemberFactory(DjangoModelFactory[Member]):
    """其其格, unless another name is given."""

    class Meta:
        model = Member

    class Params:
        exempt = Trait(exempt_reason=Member.Exemption.AGE)
        without_account = Trait(user=None)

    name = "其其格"
    phone = "13900001234"
    user = SubFactory(UserFactory, display_name=SelfAttribute("..name"))


class BranchFactory(DjangoModelFactory[Branch]):
    """A root of the tree; with ``parent`` a branch below it."""

    class Meta:
        model = Branch

    name = "旗委"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Branch:
        parent = kwargs.pop("parent", None)
        if parent is None:
            return model_class.add_root(**kwargs)
        return model_class.objects.get(pk=parent.pk).add_child(**kwargs)


class StudyGroupFactory(DjangoModelFactory[StudyGroup]):
    """``members`` have been in it for long."""

    class Meta:
        model = StudyGroup
        skip_postgeneration_save = True

    name = "北京小组"
    branch = SubFactory(BranchFactory)

    @factory.post_generation
    def members(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for member in extracted or ():
            GroupMembershipFactory(group=self, member=member)


class TieFactory(DjangoModelFactory[Any]):
    """Long begun and still in force."""

    class Meta:
        abstract = True

    class Params:
        ended = Trait(ends_on=days(-1))
        ending_today = Trait(ends_on=days(0))
        not_begun = Trait(starts_on=days(1))

    starts_on = LONG_AGO


class GroupMembershipFactory(TieFactory):
    class Meta:
        model = GroupMembership

    member = SubFactory(MemberFactory)
    group = SubFactory(StudyGroupFactory)


class BranchMembershipFactory(TieFactory):
    """A home branch; ``host=True`` for the branch of the place of work."""

    class Meta:
        model = BranchMembership

    class Params:
        host = Trait(kind=BranchMembership.Kind.HOST)

    member = SubFactory(MemberFactory)
    branch = SubFactory(BranchFactory)
    kind = BranchMembership.Kind.HOME


class DutyFactory(TieFactory):
    """乌云 leads a group; ``orgadmin=True`` answers for a branch instead."""

    class Meta:
        model = Duty

    class Params:
        liaison = Trait(kind=Duty.Kind.LIAISON)
        orgadmin = Trait(kind=Duty.Kind.ORGADMIN, group=None, branch=SubFactory(BranchFactory))

    user = SubFactory(UserFactory, display_name="乌云")
    kind = Duty.Kind.LEADER
    group = SubFactory(StudyGroupFactory)


# Study ----------------------------------------------------------------------------------------
class PlannedLessonFactory(DjangoModelFactory[PlannedLesson]):
    class Meta:
        model = PlannedLesson

    lesson_key = LazyFunction(uuid4)
    due_on = days(30)


class StudyPlanFactory(DjangoModelFactory[StudyPlan]):
    """秋季, running; ``lessons`` are pages, all required, due on ``due_on``."""

    class Meta:
        model = StudyPlan
        skip_postgeneration_save = True

    class Params:
        past = Trait(starts_on=days(-60), ends_on=days(-1))
        to_come = Trait(starts_on=days(1), ends_on=days(60))

    slug = "2026-autumn"
    title = "秋季"
    branch = SubFactory(BranchFactory)
    starts_on = days(-10)
    ends_on = days(60)

    @factory.post_generation
    def lessons(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """``lessons__required=False`` and the like go to each planned lesson."""
        for position, page in enumerate(extracted or ()):
            PlannedLessonFactory(
                plan=self, lesson_key=page.translation_key, position=position, **kwargs
            )


class DeviceCursorFactory(DjangoModelFactory[DeviceCursor]):
    class Meta:
        model = DeviceCursor

    member = SubFactory(MemberFactory)
    device_id = LazyFunction(lambda: device())


def send(member: Member, *records: Any, phone: int = 1) -> Submission:
    """Store records as they come from one of the member's phones."""
    return submit_records(
        member=member,
        device_id=device(phone),
        records=list(records),
        source=Record.Source.SESSION,
    )


def study(member: Member, page: LessonPage, *, declare: bool = True) -> Submission:
    """Everything that finishes the newest text; without ``declare`` all but the last word."""
    records = whole_study(outline_of(page))
    return send(member, *(r for r in records if declare or r["kind"] != "lesson_finished"))


def begin(member: Member, page: LessonPage) -> Submission:
    """The first section of the newest text, and no more."""
    return send(member, read_record(outline_of(page), only=1))


def correct(page: LessonPage, kind: str = "fact") -> LessonPage:
    """Publish the lesson with another summary, as a correction of this kind."""
    page = LessonPage.objects.get(pk=page.pk)
    page.summary = f"改{page.summary[:60]}"
    page.change_kind, page.change_note = kind, "写错了。" if kind != "minor" else ""
    return publish_page(page)


# The same people in a word --------------------------------------------------------------------
def a_user(username: str, name: str = "", **fields: Any) -> User:
    return UserFactory(username=username, display_name=name or username, **fields)


def bearer(user: User) -> dict[str, str]:
    """The header of an integrator who acts for this account."""
    out = StringIO()
    call_command("api_token", "create", user.username, stdout=out)
    return {"Authorization": f"Bearer {out.getvalue().split()[-1]}"}


def a_member(name: str = "其其格", *, username: str = "", **fields: Any) -> Member:
    account = {"user__username": username} if username else {}
    return MemberFactory(name=name, **account, **fields)


def a_branch(name: str = "旗委", parent: Branch | None = None) -> Branch:
    return BranchFactory(name=name, parent=parent)


def a_group(*members: Member, branch: Branch | None = None, name: str = "北京小组") -> StudyGroup:
    where = {"branch": branch} if branch else {}
    return StudyGroupFactory(members=members, name=name, **where)


def a_leader(group: StudyGroup, username: str = "wuyun", name: str = "乌云") -> User:
    return DutyFactory(group=group, user__username=username, user__display_name=name).user


def an_orgadmin(branch: Branch, username: str = "zuzhibu") -> User:
    return DutyFactory(orgadmin=True, branch=branch, user__username=username).user


# Records as a phone sends them ----------------------------------------------------------------
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
