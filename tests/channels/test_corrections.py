"""A correction opens a task for each channel where an older text stands, until none does."""

import pytest
from django.test import Client

from content import catalogue
from content.models import LessonPage
from studyhub.channels import corrections, requests
from studyhub.channels.models import CorrectionAnswer, Delivery
from studyhub.channels.worker.run import run
from studyhub.core.errors import Conflict, Invalid
from tests.channels.factories import DeliveryFactory
from tests.channels.world import ask, carry

pytestmark = pytest.mark.django_db
State = Delivery.State


def correct(lesson, kind="fact"):
    page = LessonPage.objects.get(pk=lesson.pk)
    page.title += "（改）"
    page.change_kind, page.change_note = kind, "写错了。" if kind != "minor" else ""
    page.save_revision().publish()
    return catalogue.current_revisions([page.translation_key])[page.translation_key]


def out(lesson, account, **values):
    return DeliveryFactory(
        lesson_key=lesson.translation_key, account=account, published=True, **values
    )


def answer(task, by, outcome="left", reason="群消息撤不回，已另发说明。"):
    return corrections.answer(task, outcome=outcome, reason=reason, by=by)


def test_there_is_one_task_for_each_channel_with_an_older_text(lesson, wechat, toutiao):
    out(lesson, wechat)
    out(lesson, toutiao)
    assert corrections.open_tasks() == []
    correct(lesson)
    assert [task.account.key for task in corrections.open_tasks()] == ["toutiao", "wechat-main"]


@pytest.mark.parametrize("kind", ["minor"])
def test_a_typo_opens_none(lesson, wechat, kind):
    out(lesson, wechat)
    correct(lesson, kind)
    assert corrections.open_tasks() == []


@pytest.mark.parametrize(
    "trait", ["waiting", "rejected", "failed", "cancelled", "removed", "in_review"]
)
def test_nor_does_what_is_not_out(lesson, wechat, trait):
    DeliveryFactory(lesson_key=lesson.translation_key, account=wechat, **{trait: True})
    correct(lesson)
    assert corrections.open_tasks() == []


def test_what_matters_most_comes_first_and_counts_since_the_copy(make_lesson, wechat):
    facts, important = make_lesson("甲"), make_lesson("乙")
    for lesson, kinds in ((facts, ["fact"]), (important, ["important", "fact"])):
        out(lesson, wechat, lesson_title=lesson.title)
        for kind in kinds:
            correct(lesson, kind)
    assert [(task.title, task.kind) for task in corrections.open_tasks()] == [
        ("乙", "重要"),
        ("甲", "事实"),
    ]


def test_the_new_text_does_not_end_it_while_the_old_one_stands(lesson, wechat):
    old = out(lesson, wechat)
    revision = correct(lesson)
    out(lesson, wechat, revision=revision)
    [task] = corrections.open_tasks()
    assert task.copies == [old]
    assert "旧的还在" in task.next_step


def test_it_is_over_once_the_platform_says_the_old_one_is_gone(wechat, platform, lesson):
    old = carry(ask(lesson))
    correct(lesson)
    [task] = corrections.open_tasks()
    new = carry(corrections.send_corrected(task, by=None))
    requests.withdraw(old.pk)
    assert corrections.open_tasks()
    run(old.pk)
    old.refresh_from_db()
    assert (old.state, new.state) == (State.REMOVED, State.PUBLISHED)
    assert corrections.open_tasks() == []


def test_a_word_on_it_holds_until_the_next_correction(lesson, toutiao, publisher):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    answer(task, publisher)
    assert corrections.open_tasks() == []
    correct(lesson, "minor")
    assert corrections.open_tasks() == []
    correct(lesson)
    assert len(corrections.open_tasks()) == 1


@pytest.mark.parametrize(
    ("outcome", "reason"), [("left", " "), ("", "写了"), ("other", "写了"), ("left", "长" * 201)]
)
def test_a_word_says_what_and_why(lesson, toutiao, publisher, outcome, reason):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    with pytest.raises(Invalid):
        answer(task, publisher, outcome, reason)
    assert corrections.open_tasks() == [task]


def test_only_one_person_has_the_word(lesson, toutiao, publisher):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    answer(task, publisher)
    with pytest.raises(Conflict):
        answer(task, publisher, "mended")
    assert CorrectionAnswer.objects.get().outcome == "left"


def test_who_speaks_of_an_older_correction_is_shown_the_new_one(lesson, toutiao):
    out(lesson, toutiao)
    revision = correct(lesson)
    correct(lesson)
    with pytest.raises(Conflict):
        corrections.task_at(lesson.translation_key, "toutiao", revision)


def test_a_lesson_taken_down_is_a_task_of_another_kind(lesson, wechat):
    out(lesson, wechat)
    correct(lesson)
    LessonPage.objects.get(pk=lesson.pk).unpublish()
    assert corrections.open_tasks() == []


def test_however_many_there_are_it_asks_four_times(
    make_lesson, wechat, toutiao, django_assert_num_queries
):
    for title in "甲乙丙丁":
        lesson = make_lesson(title)
        out(lesson, wechat)
        out(lesson, toutiao)
        correct(lesson)
    with django_assert_num_queries(4):
        assert len(corrections.open_tasks()) == 8


@pytest.mark.parametrize("reason", ["", "\0", "\x01 ", "\u200b\u2060", "\u3164"])
def test_a_reason_that_shows_nothing_ends_no_task(lesson, toutiao, publisher, reason):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    with pytest.raises(Invalid, match="请写一句"):
        answer(task, publisher, reason=reason)
    assert corrections.open_tasks() == [task]


# The page -----------------------------------------------------------------------------------------
@pytest.fixture
def desk(publisher):
    client = Client()
    client.force_login(publisher)
    return client


def post(desk, task, **words):
    known = {"lesson": task.lesson_key, "account": task.account.key, "revision": task.revision}
    return desk.post("/cms/channels/corrections/act/", known | words, follow=True)


def test_the_first_page_leads_to_the_tasks(desk, lesson, toutiao):
    assert "各渠道上都没有留着更正以前的文字" in desk.get("/cms/").content.decode()
    out(lesson, toutiao)
    correct(lesson)
    assert "长征出发 → 头条号" in desk.get("/cms/").content.decode()
    assert "旧的：第 1 版" in desk.get("/cms/channels/corrections/").content.decode()


def test_what_was_said_stays_with_its_name_and_the_task_is_over(desk, publisher, lesson, toutiao):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    told = post(desk, task, outcome="mended", reason="在后台改了原文。").content.decode()
    assert "在后台改了原文。" in told
    assert "已在平台上改好" in told
    assert corrections.open_tasks() == []


def test_what_was_typed_stays_where_it_is_refused(desk, lesson, toutiao):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    answer = post(desk, task, reason="在后台改了原文。")
    assert answer.status_code == 409
    assert answer.content.decode().count("在后台改了原文。") == 1


def test_the_corrected_text_is_sent_from_there(desk, lesson, toutiao):
    out(lesson, toutiao)
    revision = correct(lesson)
    [task] = corrections.open_tasks()
    assert post(desk, task, act="send").status_code == 200
    assert Delivery.objects.filter(revision=revision, account=toutiao).count() == 1


@pytest.mark.parametrize("words", [{"lesson": "x"}, {"revision": "²"}, {"account": "y" * 900}])
def test_odd_words_are_refused_in_words(desk, lesson, toutiao, words):
    out(lesson, toutiao)
    correct(lesson)
    [task] = corrections.open_tasks()
    assert post(desk, task, **words).status_code == 409


def test_it_is_for_those_who_may_send(client, desk, publisher):
    publisher.groups.get().permissions.remove(
        *publisher.groups.get().permissions.filter(codename="send_delivery")
    )
    assert desk.get("/cms/channels/corrections/").status_code == 302
    assert client.get("/cms/channels/corrections/").status_code == 302
