"""题库 at the desk: who may what, and the whole way of a question into lessons and back."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.models import LessonPage, Question, SignOff
from content.models.reviews import unsigned_of
from content.question_bank.keeping import add_question, change_question
from content.question_bank.lessons import copies_in, take_into, uses_of
from content.question_wording import Choice, Wording
from studyhub.core.errors import Conflict
from studyhub.people import access
from studyhub.people.roles import put_roles
from tests import factories as make
from tests.content.question_bank.files import HEAD, a_file

pytestmark = pytest.mark.django_db
WORDS = Wording(
    "single", "在哪里开会？", (Choice("遵义", True), Choice("延安")), explanation="正文里写着。"
)
ROW = ("单选", "谁主持了会议？", "甲", "乙", "", "", "A", "正文里写着。")
FORM = {
    "kind": "single",
    "stem": "会开了几天？",
    "options": "√三天\n五天",
    "explanation": "正文里写着。",
    "state": "in_use",
}


@pytest.fixture
def desk(client):
    put_roles()
    make.a_tree()

    def signed_in(role):
        user = make.a_user(f"q-{role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def editor(desk):
    return desk(access.EDITOR)


def draft_of(page):
    return LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def reword(page, heading):
    draft = draft_of(page)
    draft.body[0].value["heading"] = heading
    draft.save_revision()


def ticks(shown):
    """The boxes of the page, as a browser sends them."""
    return [box["value"] for box in BeautifulSoup(shown, "html.parser").select("[name=item]")]


def do(client, page, **data):
    return client.post(reverse("questions:lesson", args=[page.pk]), data, follow=True)


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("name", ["list", "add", "import", "due"])
def test_no_screen_is_empty(editor, name):
    answer = editor.get(reverse(f"questions:{name}"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(access.EDITOR, True, True), (access.REVIEWER, True, False), (access.PUBLISHER, True, False)],
)
def test_editors_write_and_reviewers_read(desk, role, reads, writes):
    client = desk(role)
    question = add_question(WORDS, None)
    opened = [client.get(reverse(f"questions:{name}")).status_code for name in ("list", "export")]
    assert (opened == [200, 200]) is reads
    shut = [client.get(reverse(f"questions:{name}")).status_code for name in ("add", "import")]
    assert (shut == [200, 200]) is writes
    answer = client.post(reverse("questions:edit", args=[question.pk]), FORM)
    assert (Question.objects.get().newest == 2) is writes, answer


def test_a_question_is_written_found_and_worded_anew(editor):
    editor.post(reverse("questions:add"), FORM)
    question = Question.objects.get()
    assert "会开了几天" in text(editor.get(reverse("questions:list"), {"q": "几天"}))
    assert "没有找到" in text(editor.get(reverse("questions:list"), {"q": "没有的"}))
    assert "导出找到的" in text(editor.get(reverse("questions:list"), {"q": "几天"}))
    assert "导出全部" in text(editor.get(reverse("questions:list"), {"p": "1"}))
    address = reverse("questions:edit", args=[question.pk])
    editor.post(address, {**FORM, "options": "三天\n√五天\n一周", "seen": 1})
    question.refresh_from_db()
    assert [one.correct for one in question.version.words.options] == [False, True, False]
    second = editor.post(address, {**FORM, "stem": "我写的", "seen": 1})
    assert (second.status_code, "我写的" in text(second), "第 2 版" in text(second)) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"options": "三天\n五天"}, "只勾选一个"),
        ({"options": "\n".join(["√1", *map(str, range(2, 14))])}, "最多 12 个选项"),
        ({"kind": "truefalse"}, "请选“对”或“错”"),
        ({"stem": ""}, "stem"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(editor, wrong, words):
    answer = editor.post(reverse("questions:add"), {**FORM, **wrong})
    assert (answer.status_code, words in text(answer)) == (422, True)
    assert "正文里写着。" in text(answer)
    assert not Question.objects.exists()


def test_a_copy_goes_into_the_draft_and_stays_as_it_is(editor):
    page = make.a_lesson(quiz=False)
    question = add_question(WORDS, None)
    do(editor, page, act="take", question=[question.pk])
    assert not [b for b in LessonPage.objects.get(pk=page.pk).body if b.block_type == "self_check"]
    [copy] = copies_in(draft_of(page))
    assert (copy.wording, copy.known, copy.newer) == (WORDS, question, None)
    assert [use.page.pk for use in uses_of(question)] == [page.pk]

    changed = Wording(**{**vars(WORDS), "explanation": "按新的说法。"})
    change_question(question.pk, changed, None)
    [copy] = copies_in(draft_of(page))
    assert (copy.wording, copy.newer.number) == (WORDS, 2)
    assert "题库里有新版" in text(editor.get(reverse("questions:lesson", args=[page.pk])))
    assert "题库里有新版" in text(editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    before = draft_of(page).body[-1].value["questions"].bound_blocks[0]
    ids = [child.id for child in before.value["options"].bound_blocks]
    do(editor, page, act="renew", item=[copy.item])
    after = draft_of(page).body[-1].value["questions"].bound_blocks[0]
    assert [child.id for child in after.value["options"].bound_blocks] == ids
    [copy] = copies_in(draft_of(page))
    assert (copy.wording, copy.newer) == (changed, None)


def test_a_newer_version_leaves_the_tick_of_its_order(editor):
    page = make.a_lesson(quiz=False)
    question = add_question(WORDS, None)
    take_into(page, [question], None)
    draft = draft_of(page)
    draft.body[-1].value["questions"][0]["fixed_order"] = True
    draft.save_revision()
    change_question(question.pk, replace(WORDS, explanation="按新的说法。"), None)
    do(editor, page, act="renew", item=[copies_in(draft)[0].item])
    [item] = draft_of(page).body[-1].value["questions"]
    assert (item["explanation"], item["fixed_order"]) == ("按新的说法。", True)


def test_taken_twice_it_stands_there_once(editor):
    page = make.a_lesson()
    question = add_question(WORDS, None)
    assert [take_into(page, [question], None) for _ in range(2)] == [1, 0]


def test_ten_questions_are_the_most(editor):
    page = make.a_lesson()
    many = [add_question(Wording("truefalse", f"第{n}题", truth="true"), None) for n in range(7)]
    with pytest.raises(Conflict, match="最多 10 题"):
        take_into(page, many, None)
    answer = do(editor, page, act="take", question=[one.pk for one in many])
    assert "请少选几题" in text(answer)
    assert len(copies_in(draft_of(page))) == 4


def test_questions_of_a_lesson_go_into_the_bank_and_their_signatures_hold(editor, settings):
    settings.REVIEW_LEVELS = 3
    page = make.a_lesson()
    signed = SignOff.objects.count()
    items = [copy.item for copy in copies_in(draft_of(page))]
    do(editor, page, act="store", item=items)
    assert Question.objects.count() == 4
    assert [copy.known is not None for copy in copies_in(draft_of(page))] == [True] * 4
    assert (unsigned_of(draft_of(page)), SignOff.objects.count()) == ([], signed)
    cited = {question.version.section for question in Question.objects.all()}
    assert cited == {str(page.body[0].id)}


def test_a_question_taken_where_it_came_from_knows_its_section(editor):
    page, other = make.a_lesson(), make.a_lesson(quiz=False)
    do(editor, page, act="store", item=[copies_in(draft_of(page))[0].item])
    question = Question.objects.get()
    take_into(other, [question], None)
    [item] = draft_of(other).body[-1].value["questions"].bound_blocks
    assert item.value["section"] == ""  # ids mean nothing in another lesson


def test_a_table_is_looked_at_and_then_taken_in(editor):
    file = SimpleUploadedFile("t.xlsx", a_file(ROW, ("单选", "坏", "甲", "", "", "", "A")))
    looked = editor.post(reverse("questions:import"), {"file": file})
    assert not Question.objects.exists()
    assert "至少要有两个选项" in text(looked)
    editor.post(reverse("questions:import"), {"rows": looked.context["rows"]})
    assert [question.stem for question in Question.objects.all()] == ["谁主持了会议？"]


def test_an_old_look_undoes_nothing_that_a_colleague_did_since(editor):
    question = add_question(WORDS, None)
    head = (*HEAD, "题库编号", "类别")
    data = a_file((*ROW[:1], WORDS.stem, *ROW[2:], question.pk, "党史"), head=head)
    looked = editor.post(reverse("questions:import"), {"file": SimpleUploadedFile("t.xlsx", data)})
    assert "改成新的一版" in text(looked)
    change_question(question.pk, replace(WORDS, explanation="同事写的。"), None)
    answer = editor.post(reverse("questions:import"), {"rows": looked.context["rows"]}, follow=True)
    assert "第 2 行" in text(answer)
    assert "又有人改过" in text(answer)
    question.refresh_from_db()
    assert (question.newest, question.category) == (2, "")


def test_rows_of_another_hand_are_refused(editor, desk):
    file = SimpleUploadedFile("t.xlsx", a_file(ROW))
    rows = editor.post(reverse("questions:import"), {"file": file}).context["rows"]
    for sent in (rows + "x", "x"):
        answer = editor.post(reverse("questions:import"), {"rows": sent})
        assert "请重新选一次文件" in text(answer)
    other = make.a_user("q-other", is_staff=True)
    other.groups.add(Group.objects.get(name=access.EDITOR))
    editor.force_login(other)
    assert "请重新选" in text(editor.post(reverse("questions:import"), {"rows": rows}))
    assert not Question.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF"])
def test_a_file_that_is_none_is_refused_on_the_page(editor, data):
    file = SimpleUploadedFile("t.xlsx", data)
    answer = editor.post(reverse("questions:import"), {"file": file})
    assert (answer.status_code, "请" in text(answer)) == (422, True)


def test_the_export_is_a_file_of_its_own(editor):
    add_question(WORDS, None)
    answer = editor.get(reverse("questions:export"))
    assert answer.content.startswith(b"PK")
    assert "no-store" in answer["Cache-Control"]


def test_what_waits_is_on_the_first_screen_and_gone_after_a_look(editor):
    page = make.a_lesson()
    reword(page, "换了的标题")
    assert "待复核的题" in text(editor.get("/cms/"))
    shown = text(editor.get(reverse("questions:due")))
    assert shown.count("看过了，仍然对") == 4
    editor.post(reverse("questions:due"), {"page": page.pk, "item": ticks(shown)})
    assert "现在没有待复核的题" in text(editor.get(reverse("questions:due")))


def test_what_changed_between_the_look_and_the_press_waits_on(editor):
    page = make.a_lesson()
    reword(page, "换了的标题")
    shown = text(editor.get(reverse("questions:due")))
    reword(page, "又换了的标题")
    data = {"page": page.pk, "item": ticks(shown)}
    told = text(editor.post(reverse("questions:due"), data, follow=True))
    assert "第 1、2、3、4 题" in told
    assert "请再看一遍" in told
    assert told.count("看过了，仍然对") == 4


@pytest.mark.parametrize("item", ["\0", "x", "x \0", " ", "9" * 5000])
def test_odd_ticks_confirm_nothing(editor, item):
    page = make.a_lesson()
    reword(page, "换了的标题")
    answer = editor.post(reverse("questions:due"), {"page": page.pk, "item": item}, follow=True)
    assert (answer.status_code, text(answer).count("看过了，仍然对")) == (200, 4)


@pytest.mark.parametrize("name", ["q", "kind", "category", "state"])
def test_odd_words_find_nothing(editor, name):
    page = make.a_lesson()
    for address in (reverse("questions:list"), reverse("questions:lesson", args=[page.pk])):
        assert editor.get(address, {name: "\0党"}).status_code == 200


def test_a_locked_lesson_is_left_alone(editor):
    page = make.a_lesson()
    LessonPage.objects.filter(pk=page.pk).update(locked=True)
    assert editor.get(reverse("questions:lesson", args=[page.pk])).status_code in (302, 403)
