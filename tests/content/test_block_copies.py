"""Blocks of one lesson copied into another's draft: nothing shared, nothing lost in silence."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from content.block_copies import copy_blocks
from content.models import LessonPage
from content.models.reviews import authors_of
from content.units import units_of
from studyhub.core.errors import Conflict, Invalid
from studyhub.people.roles import put_roles
from tests import factories as make
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def editors():
    put_roles()
    people = [make.a_user(name, is_staff=True) for name in ("naren", "siqin")]
    for person in people:
        person.groups.add(Group.objects.get(name="editor"))
    return people


@pytest.fixture
def target():
    return make.a_lesson(title="另一课", body=[make.section("开头")], publish=False)


def ids_of(page, *kinds):
    return [str(one.id) for one in page.body if not kinds or one.block_type in kinds]


def draft_of(page):
    return LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def every_id(page):
    found = []

    def walk(value):
        if isinstance(value, dict):
            found.extend([value["id"]] if "id" in value else [])
            value = list(value.values())
        for one in value if isinstance(value, list) else ():
            walk(one)

    walk(page.body.get_prep_value())
    return found


def without_ids(page):
    raw = json.dumps(page.body.get_prep_value())
    for number, one in enumerate(every_id(page)):
        raw = raw.replace(one, str(number))
    return raw


def test_a_whole_lesson_is_copied_word_for_word_under_other_ids(editors):
    source = a_full_lesson()
    empty = make.a_lesson(title="空课", body=[make.section("x")], publish=False)
    empty.body = empty.body.stream_block.to_python([])
    empty.save_revision()
    assert copy_blocks(source, ids_of(source), empty, editors[0]) == []
    copy = draft_of(empty)
    assert without_ids(copy) == without_ids(source)
    assert not set(every_id(copy)) & set(every_id(source))


def test_it_stands_before_self_check_and_sources_which_are_joined(editors):
    source, target = (
        a_full_lesson(),
        make.a_lesson(body=[make.section("头"), make.self_check()], publish=False),
    )
    notes = copy_blocks(source, ids_of(source, "quotation", "self_check", "sources"), target, None)
    copy = draft_of(target)
    kinds = [one.block_type for one in copy.body]
    assert kinds == ["section", "quotation", "self_check", "sources"]
    assert len(copy.body[2].value["questions"]) == 8
    assert any("本来就有自测" in note for note in notes)


def test_what_a_question_cites_comes_along_or_is_told(editors, target):
    source = make.a_lesson()
    first = ids_of(source)[0]
    [check] = ids_of(source, "self_check")
    assert copy_blocks(source, [first, check], target, editors[0]) == []
    copy = draft_of(target)
    [cited] = {one["section"] for one in copy.body[2].value["questions"]}
    assert cited == str(copy.body[1].id)
    other = make.a_lesson(title="第三课", body=[make.section("开头")], publish=False)
    [note] = copy_blocks(source, [check], other, editors[0])
    assert "第 1、2、3、4 题出自的小节没有一起复制" in note
    assert {one["section"] for one in draft_of(other).body[1].value["questions"]} == {""}


@pytest.mark.parametrize(
    ("prepare", "chosen", "problem"),
    [
        (lambda page: None, [], "还没有勾选"),
        (lambda page: None, ["0"], "还没有勾选"),
        (lambda page: setattr(page, "locked", True), None, "锁定了"),
    ],
)
def test_what_cannot_be_done_changes_nothing(editors, target, prepare, chosen, problem):
    source = make.a_lesson()
    prepare(target)
    target.save()
    before = target.latest_revision_id
    with pytest.raises((Conflict, Invalid), match=problem):
        copy_blocks(source, ids_of(source) if chosen is None else chosen, target, editors[0])
    target.refresh_from_db()
    assert target.latest_revision_id == before


def test_two_sections_never_share_a_heading_nor_a_lesson_too_many_questions(editors, target):
    source = make.a_lesson()
    copy_blocks(source, ids_of(source), target, editors[0])
    with pytest.raises(Conflict, match="已经有小节“第一节”"):
        copy_blocks(source, ids_of(source)[:1], target, editors[0])
    [check] = ids_of(source, "self_check")
    copy_blocks(source, [check], target, editors[0])
    with pytest.raises(Conflict, match="最多 10 题"):
        copy_blocks(source, [check], target, editors[0])


def test_who_wrote_it_is_its_author_there_too(editors, target, settings):
    settings.REVIEW_LEVELS = 3
    naren, siqin = editors
    source = make.a_lesson(publish=False)
    source.save_revision(user=naren)
    copy_blocks(source, ids_of(source), target, siqin)
    copy = draft_of(target)
    wrote = dict(authors_of(copy, units_of(copy)))
    new = ids_of(copy)[1:]
    questions = [one.id for one in copy.body[-1].value["questions"].bound_blocks]
    assert {wrote[one] for one in (*new, *questions)} == {naren.pk}
    assert wrote["order"] == siqin.pk


def test_it_is_chosen_and_sent_on_a_screen(editors, target, sign_in):
    source = a_full_lesson(title="来处")
    client = sign_in(editors[0])
    url = reverse("copy_blocks", args=[source.pk])
    shown = client.get(url).content.decode()
    assert "红军不怕远征难" in shown
    assert "另一课" in shown
    assert url in client.get(f"/cms/pages/{source.pk}/edit/").content.decode()
    refused = client.post(url, {"lesson": target.pk})
    assert refused.status_code == 422
    chosen = {"lesson": target.pk, "block": ids_of(source, "quotation")}
    assert "还没有发布" in client.post(url, chosen, follow=True).content.decode()
    assert [one.block_type for one in draft_of(target).body] == ["section", "quotation"]


def test_who_may_not_write_there_copies_nothing(editors, target, sign_in):
    source = make.a_lesson()
    url = reverse("copy_blocks", args=[source.pk])
    assert sign_in(make.a_user("stranger")).get(url).status_code in (302, 403)
    answer = sign_in(editors[0]).post(url, {"lesson": source.pk, "block": ids_of(source)})
    assert "请选要复制到的那一课" in answer.content.decode()
