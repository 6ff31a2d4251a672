"""Proof-reading at the desk: rules of staff, the list of a draft, 忽略, and what stops review."""

from datetime import date
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.models import LessonPage, ProofDismissal, ProofHit, ProofRule
from content.proof_reading import count_hits, dismiss, ensure_rules, finds_of
from content.proofs.starter import starter_rules
from content.proofs.texts import material_of
from content.proofs.values import Level
from studyhub.channels import requests
from studyhub.core.errors import Invalid
from tests import factories as make
from tests.channels.factories import AccountFactory
from tests.content.desk import lesson_form
from tests.content.samples import Sampler

pytestmark = pytest.mark.django_db
WRONG = "<p>这一回，大家迫不急待。</p>"


@pytest.fixture
def lesson():
    return a_lesson(WRONG)


def a_lesson(text, **section):
    body = [make.section("第一节", text=text, id=str(UUID(int=7)), **section)]
    return make.a_lesson(title="遵义会议", body=body)


@pytest.fixture
def reviewed(lesson):
    """Its tree goes through a review."""
    task = GroupApprovalTask.objects.create(name="初审")
    task.groups.add(Group.objects.create(name="初审员"))
    workflow = Workflow.objects.create(name="三审")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=lesson.get_parent())
    return lesson


def press(client, lesson, button, text=WRONG):
    form = lesson_form(lesson, text=text, **{button: "1"} if button else {})
    return client.post(f"/cms/pages/{lesson.pk}/edit/", form, follow=True)


def draft_of(lesson):
    return LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()


def in_review(lesson):
    return LessonPage.objects.get(pk=lesson.pk).workflow_in_progress


# The rules


def test_the_starter_rules_are_there_from_the_first_migration():
    keys = {starter.rule.key for starter in starter_rules()}
    assert set(ProofRule.objects.values_list("key", flat=True)) == keys
    for rule in ProofRule.objects.all():
        rule.full_clean()


def test_what_staff_changed_is_kept_and_what_is_missing_comes():
    ProofRule.objects.filter(key="slips").update(words="另一个词", is_on=False)
    ProofRule.objects.filter(key="units").delete()
    ensure_rules()
    slips = ProofRule.objects.get(key="slips")
    assert (slips.words, slips.is_on) == ("另一个词", False)
    assert ProofRule.objects.filter(key="units").count() == 1


@pytest.mark.parametrize(("words", "advice"), [("", "请写上"), ("词语\n字", "至少两个字")])
def test_a_rule_of_staff_has_words_that_mean_something(words, advice):
    with pytest.raises(ValidationError, match=advice):
        ProofRule(name="新规则", words=words).full_clean()


def test_a_rule_of_staff_is_literal(lesson):
    ProofRule.objects.create(name="新规则", words="迫.急待\n大家", level="advice")
    assert [f.words for f in finds_of(lesson) if f.name == "新规则"] == ["大家"]


def test_a_rule_that_is_off_finds_nothing(lesson):
    ProofRule.objects.update(is_on=False)
    assert finds_of(lesson) == []


@pytest.mark.parametrize(
    ("hits", "dismissed", "level"),
    [(19, 19, Level.BLOCKING), (20, 10, Level.BLOCKING), (20, 11, Level.ADVICE)],
)
def test_a_rule_that_is_mostly_wrong_only_advises(lesson, hits, dismissed, level):
    rule = ProofRule.objects.get(key="slips")
    ProofHit.objects.bulk_create(
        ProofHit(rule=rule, lesson_key=lesson.lesson_key, mark=str(n), dismissed=n < dismissed)
        for n in range(hits)
    )
    [counted] = ProofRule.objects.with_counts().filter(key="slips")
    assert counted.as_rule().level == level
    assert f"误报 {dismissed}/{hits}" in counted.experience()
    assert ("已降为提示" in counted.experience()) == (level == Level.ADVICE)


def test_a_find_counts_once_however_often_the_draft_is_saved(lesson):
    count_hits(lesson)
    count_hits(lesson)
    assert ProofHit.objects.filter(rule__key="slips").count() == 1


def test_editors_keep_the_rules_at_the_desk(admin_client):
    said = admin_client.get("/cms/snippets/content/proofrule/").content.decode()
    assert "校对规则" in said
    assert "还没有报过" in said


# Where and when a rule looks


def a_rule(**fields):
    named = {"name": "新规则", "words": "大家", "level": "blocking"}
    return ProofRule.objects.create(**named | fields)


def of_it(lesson, rule):
    return [find.words for find in finds_of(lesson) if find.rule == rule.key]


def test_every_place_of_words_has_a_name_that_can_be_ticked():
    sampler, texts = Sampler(), []
    for body in (LessonBodyBlock(), ExhibitBodyBlock()):
        kinds = body.child_blocks.items()
        sample = body.to_python([sampler.block(kind, block) for kind, block in kinds])
        texts += material_of("题", "摘要", sample, set).texts
    rule = ProofRule()
    places = dict(rule._meta.get_field("fields").names())
    kinds = dict(rule._meta.get_field("kinds").names())
    assert {text.place for text in texts} == places.keys()
    assert {text.kind for text in texts} - {"gap"} <= kinds.keys()


def test_a_rule_is_ticked_in_the_form_and_says_so_in_the_list(admin_client, lesson):
    rule = a_rule()
    form = {"name": "新规则", "words": "大家", "level": "advice", "is_on": "on"}
    ticked = {"kinds": ["section", "page"], "fields": ["text"], "channels": ["toutiao"]}
    days = {"starts_on": "2026-07-01", "ends_on": "2999-07-31"}
    url = f"/cms/snippets/content/proofrule/edit/{rule.pk}/"
    said = admin_client.post(url, {**form, **ticked, **days}, follow=True).content.decode()
    reach = "小节、标题和摘要；正文、事情、选项；头条号；2026-07-01 起；到 2999-07-31"
    assert ProofRule.objects.get(pk=rule.pk).reach() == reach
    assert reach in said
    assert "整课，一直" in said
    ProofRule.objects.filter(pk=rule.pk).update(starts_on=None)
    assert of_it(lesson, rule) == ["大家"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ["大家"]),
        ({"kinds": ["section"]}, ["大家"]),
        ({"kinds": ["quotation"]}, []),
        ({"fields": ["heading"]}, []),
        ({"ends_on": date(2026, 1, 1)}, []),
        ({"kinds": ["no-such-block-any-more"]}, []),
    ],
)
def test_the_scope_of_a_row_is_that_of_its_rule(lesson, fields, found):
    assert of_it(lesson, a_rule(**fields)) == found


def test_what_begins_after_it_ends_is_refused():
    rule = ProofRule(name="n", words="大家", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="在开始以前"):
        rule.full_clean()


def test_what_was_one_choice_is_ticked_by_the_upgrade():
    heading, block = a_rule(scope="heading"), a_rule(scope="timeline")
    tick = import_module("content.migrations.0029_scopes_of_proof_rules").tick
    tick(apps, None)
    tick(apps, None)
    heading.refresh_from_db()
    block.refresh_from_db()
    assert (heading.fields, heading.kinds) == (["heading"], [])
    assert (block.fields, block.kinds) == ([], ["timeline"])


def test_a_rule_for_one_channel_keeps_the_lesson_from_that_one_alone(admin_client, reviewed):
    a_rule(channels=["toutiao"], words="前苏联")
    page = a_lesson("<p>前苏联的事。</p>")
    assert ask(page, AccountFactory())
    with pytest.raises(Invalid, match=r"不能发到“头条号”：新规则“前苏联”.*取消勾选"):
        ask(page, AccountFactory(manual=True))
    shown = admin_client.get(f"/cms/proofs/{page.pk}/").content.decode()
    assert "发到“头条号”前必须改" in shown
    assert "都不妨碍送审" in shown
    press(admin_client, reviewed, "action-submit", "<p>前苏联的事。</p>")
    assert in_review(reviewed)


def ask(page, account):
    return requests.request_delivery(
        lesson_key=page.lesson_key, account_key=account.key, action="publish"
    )


# What of a lesson is read


def test_sources_addresses_and_accepted_answers_are_left_alone():
    body = [
        make.section("第一节", text="<p>好。</p>"),
        make.self_check([{"kind": "blank", "stem": "几个人？", "accepted": "２０\n迫不急待"}]),
    ]
    page = make.a_lesson(body=body)
    assert [f.words for f in finds_of(page) if f.blocks] == []


def test_a_find_in_rich_text_is_counted_in_the_plain_words():
    page = a_lesson("<p>一&amp;二</p><ul><li>三<b>迫不</b>急待</li></ul>")
    [find] = [f for f in finds_of(page) if f.rule == "slips"]
    assert (find.unit, find.field) == (str(UUID(int=7)), "text")
    assert "一&二\n三迫不急待"[find.offset :][: find.length] == "迫不急待"


def test_a_link_to_a_page_that_nobody_can_open_is_told(lesson):
    gone = '<p><a linktype="page" id="987654">那一课</a>和<a linktype="page" id="{}">这一课</a></p>'
    page = make.a_lesson(body=[make.section("第一节", text=gone.format(lesson.pk))])
    assert [f.words for f in finds_of(page) if f.rule == "dead_link"] == ["那一课"]


def test_a_page_that_is_only_begun_can_be_proof_read():
    page = LessonPage(title="", summary="")
    assert material_of("", "", page.body, set).texts == ()
    assert finds_of(page) == []


# 忽略


def test_what_is_dismissed_stays_away_until_its_sentence_changes(lesson, admin_user):
    [find] = [f for f in finds_of(lesson) if f.rule == "slips"]
    dismissed_by(lesson, find, admin_user)
    dismissed_by(lesson, find, admin_user)
    assert "slips" not in {f.rule for f in finds_of(lesson)}
    assert ProofDismissal.objects.get().person == admin_user
    assert ProofHit.objects.get(rule__key="slips").dismissed

    lesson.body[0].value["text"].source = "<p>这一次，大家迫不急待。</p>"
    assert "slips" in {f.rule for f in finds_of(lesson)}


def dismissed_by(lesson, find, person):
    dismiss(
        lesson_key=lesson.lesson_key,
        rule=ProofRule.objects.get(key=find.rule),
        unit=find.unit,
        words=find.words,
        sentence_hash=find.sentence_hash,
        by=person,
    )


def known_by(find):
    names = ("rule", "unit", "words", "sentence_hash")
    return {name: getattr(find, name) for name in names}


def test_the_page_lists_by_block_and_dismisses_without_a_script(admin_client, lesson):
    page = admin_client.get(f"/cms/proofs/{lesson.pk}/").content.decode()
    assert "小节：第一节" in page
    assert "必须改" in page
    assert "迫不急待" in page

    [find] = [f for f in finds_of(lesson) if f.rule == "slips"]
    answer = admin_client.post(f"/cms/proofs/{lesson.pk}/dismiss/", known_by(find), follow=True)
    assert "已忽略" in answer.content.decode()
    assert "<mark>迫不急待</mark>" not in answer.content.decode()


@pytest.mark.parametrize(
    "spoilt", [{"rule": "no-such"}, {"sentence_hash": "x"}, {"words": "词" * 161}, {"rule": ""}]
)
def test_what_is_no_find_is_told_and_changes_nothing(admin_client, lesson, spoilt):
    [find] = [f for f in finds_of(lesson) if f.rule == "slips"]
    sent = known_by(find) | spoilt
    json = {"headers": {"accept": "application/json"}}
    answer = admin_client.post(f"/cms/proofs/{lesson.pk}/dismiss/", sent, **json)
    assert answer.status_code == 409
    assert "请刷新再看" in answer.json()["said"]
    assert not ProofDismissal.objects.exists()


def test_only_who_may_write_in_the_lesson_sees_and_dismisses(client, lesson):
    stranger = make.a_user("stranger")
    client.force_login(stranger)
    assert client.get(f"/cms/proofs/{lesson.pk}/").status_code in (302, 403)
    assert client.post(f"/cms/proofs/{lesson.pk}/dismiss/").status_code in (302, 403)


# Review


def test_the_editor_shows_the_finds_below_the_body(admin_client, lesson):
    page = admin_client.get(f"/cms/pages/{lesson.pk}/edit/").content.decode()
    assert f'data-proof-unit="{UUID(int=7)}"' in page
    assert page.index('data-contentpath="body"') < page.index("data-proofs=")


def test_a_new_lesson_has_a_form_too(admin_client, lesson):
    course = lesson.get_parent().pk
    page = admin_client.get(f"/cms/pages/add/content/lessonpage/{course}/").content.decode()
    assert "存下草稿以后" in page


def test_what_must_be_changed_keeps_a_lesson_from_review_and_nothing_is_lost(
    admin_client, reviewed
):
    answer = press(admin_client, reviewed, "action-submit", "<p>迫不急待，写了很久。</p>")
    said = answer.content.decode()
    assert "还没有送审：有 1 处必须改" in said
    assert "“迫不急待”" in said
    assert "写了很久" in said
    assert not in_review(reviewed)


def test_once_it_is_changed_or_dismissed_it_goes_to_review(admin_client, admin_user, reviewed):
    press(admin_client, reviewed, "")
    for find in finds_of(draft_of(reviewed)):
        dismissed_by(reviewed, find, admin_user)
    form = lesson_form(reviewed, text=WRONG, **{"action-submit": "1"})
    form["body-0-id"] = str(draft_of(reviewed).body[0].id)
    admin_client.post(f"/cms/pages/{reviewed.pk}/edit/", form)
    assert in_review(reviewed)


def test_advice_keeps_nothing_from_review(admin_client, reviewed):
    press(admin_client, reviewed, "action-submit", "<p>前苏联的事。</p>")
    assert in_review(reviewed)


def test_a_draft_is_saved_whatever_is_wrong_in_it(admin_client, reviewed):
    press(admin_client, reviewed, "", "<p>迫不急待，存下来。</p>")
    assert "存下来" in str(draft_of(reviewed).body[0].value["text"].source)
    assert ProofHit.objects.filter(rule__key="slips").exists()
