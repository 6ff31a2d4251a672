"""From a request to one published article, whatever happens on the way."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.html import escape

from content import catalogue
from studyhub.channels import drawn, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker.lease import claim
from studyhub.channels.worker.run import run
from studyhub.core.errors import FilesAway
from studyhub.core.jobs import ClaimLost
from studyhub.sandbox import wechat as face
from studyhub.sandbox.models import App, Article, Draft, Job, Token
from tests.channels.world import ask, carry, fault, lesson_body, make_image

State = Delivery.State
pytestmark = pytest.mark.django_db


def test_a_lesson_becomes_one_article(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    assert delivery.state == State.PUBLISHED
    article = Article.objects.get()
    assert delivery.article_id == article.article_id
    assert f"p={delivery.marker}" in article.first["content_source_url"]
    assert delivery.url.endswith(f"/sandbox/wechat/s/{article.article_id}")
    assert not Draft.objects.exists()


def test_published_is_only_said_after_the_platform_said_it(wechat, platform, lesson):
    App.objects.update(publish_delay=3600)
    delivery = carry(ask(lesson))
    assert delivery.state == State.IN_REVIEW
    App.objects.update(publish_delay=0)
    Job.objects.update(due_at=timezone.now())
    assert carry(delivery).state == State.PUBLISHED


def test_pictures_are_uploaded_once_and_shown(plain_wechat, platform, make_lesson):
    lesson = make_lesson(body=lesson_body(make_image()))
    carry(ask(lesson))
    content = Article.objects.get().first["content"]
    assert "mmbiz.qpic.cn" in content
    assert platform.materials.count() == 2  # cover and body
    lesson.title = "长征出发（修订）"
    lesson.save_revision().publish()
    carry(ask(lesson))
    assert platform.materials.count() == 2


def test_words_that_look_like_a_picture_are_words(plain_wechat, platform, make_lesson):
    image = make_image()
    body = lesson_body(image)
    said = f'写成 src="picture:9" 或 <img src="picture:{image.pk}"> 都不行'
    body[0][1]["text"] = f"<p>{escape(said)}</p>"
    body[1][1]["alt"] = said
    assert carry(ask(make_lesson(body=body))).state == State.PUBLISHED
    content = BeautifulSoup(Article.objects.get().first["content"], "html.parser")
    assert said in content.get_text()
    [picture] = content.find_all("img")
    assert (picture["alt"], "mmbiz.qpic.cn" in picture["src"]) == (said, True)


def test_pictures_that_cannot_be_reached_now_are_waited_for(
    wechat, platform, make_lesson, monkeypatch
):
    """The bucket is away: no crash of ours, and no picture that is gone."""
    lesson = make_lesson(body=lesson_body(make_image()))
    with monkeypatch.context() as away:
        away.setattr(catalogue, "image_jpeg", lambda *args, **kwargs: throw(FilesAway()))
        delivery = ask(lesson)
        run(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error_code) == (State.QUEUED, "files_away")
    assert delivery.crashes == 0
    assert carry(delivery).state == State.PUBLISHED


def throw(error):
    raise error


def test_a_draft_waits_for_a_person(wechat, platform, lesson):
    delivery = carry(ask(lesson, action="draft"))
    assert delivery.state == State.WAITING_HUMAN
    assert delivery.draft_id == Draft.objects.get().media_id
    assert not Job.objects.exists()


def test_an_account_without_publishing_right_leaves_a_draft(wechat, platform, lesson):
    ChannelAccount.objects.update(capabilities=["draft"])
    delivery = carry(ask(lesson))
    assert delivery.state == State.WAITING_HUMAN
    assert delivery.error_code == "no_publish"


@pytest.mark.parametrize("kind", ["accept_then_drop", "broken_json"])
def test_a_lost_answer_to_submit_is_found_again_not_repeated(wechat, platform, lesson, kind):
    fault("freepublish/submit", kind)
    delivery = ask(lesson)
    run(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.OUTCOME_UNKNOWN
    assert carry(delivery).state == State.PUBLISHED
    assert Job.objects.count() == 1


def test_a_submit_without_a_clear_answer_waits_for_a_person_after_the_quiet_time(
    wechat, platform, lesson
):
    fault("freepublish/submit", "http500")
    delivery = carry(ask(lesson))
    assert (delivery.state, delivery.error_code) == (State.WAITING_HUMAN, "outcome_unknown")
    assert "微信服务器出错" in delivery.error_detail
    assert Draft.objects.count() == 1


def test_within_the_quiet_time_nothing_is_submitted_twice(wechat, platform, lesson, settings):
    settings.CHANNELS["QUIET"] = 3600.0
    App.objects.update(publish_delay=600)
    fault("freepublish/submit", "accept_then_drop")
    delivery = carry(ask(lesson))
    assert delivery.state == State.OUTCOME_UNKNOWN
    assert Job.objects.count() == 1


def test_a_draft_that_is_gone_and_not_listed_waits_for_a_person(wechat, platform, lesson):
    fault("freepublish/submit", "http500")
    delivery = ask(lesson)
    run(delivery.pk)
    Draft.objects.all().delete()
    carry(delivery)
    assert delivery.state == State.WAITING_HUMAN
    assert not Article.objects.exists()


def test_a_lost_answer_to_draft_add_makes_no_second_draft(wechat, platform, lesson):
    App.objects.update(publish_delay=3600)
    fault("draft/add", "accept_then_drop")
    assert carry(ask(lesson)).state == State.IN_REVIEW
    assert Draft.objects.count() == 1


def test_a_draft_published_by_hand_meanwhile_is_found(wechat, platform, lesson):
    fault("freepublish/submit", "errcode", errcode=45011)
    delivery = ask(lesson)
    run(delivery.pk)
    draft = Draft.objects.get()
    Job.objects.create(
        app=platform,
        media_id=draft.media_id,
        articles=draft.articles,
        due_at=timezone.now(),
        submitted_at=timezone.now(),
    )
    Delivery.objects.update(not_before=None)
    assert carry(delivery).state == State.PUBLISHED
    assert Article.objects.count() == 1


def test_a_refused_token_is_renewed_once(wechat, platform, lesson):
    delivery = ask(lesson, action="draft")
    run(delivery.pk)
    Token.objects.update(expires_at=timezone.now())
    Delivery.objects.update(external={}, state="queued")
    assert carry(delivery).state == State.WAITING_HUMAN
    assert Token.objects.count() == 2


@pytest.mark.parametrize("errcode", [48001, 40164, 40125])
def test_a_problem_of_the_account_pauses_it_and_costs_no_try(
    wechat, platform, make_lesson, errcode
):
    fault("freepublish/submit", "errcode", errcode=errcode)
    first, second = ask(make_lesson("甲")), ask(make_lesson("乙"))
    carry(first)
    carry(second)
    wechat.refresh_from_db()
    assert (first.state, first.attempts) == (State.NEEDS_AUTH, 0)
    assert (second.state, second.attempts) == (State.QUEUED, 0)
    assert wechat.health == "paused"
    assert wechat.needs
    requests.retry(first.pk)
    assert carry(first).state == State.PUBLISHED
    assert carry(second).state == State.PUBLISHED


def test_a_used_up_daily_quota_waits_until_five_past_midnight(wechat, platform, lesson):
    App.objects.update(quotas={"draft/add": 0})
    delivery = carry(ask(lesson))
    assert (delivery.state, delivery.attempts) == (State.DEFERRED, 0)
    opens = timezone.localtime(delivery.not_before)
    assert (opens.hour, opens.minute) == (0, 5)
    assert timedelta(0) < delivery.not_before - timezone.now() < timedelta(hours=25)
    App.objects.update(quotas={})
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED


def test_a_minute_quota_waits_a_minute(wechat, platform, lesson):
    fault("draft/add", "errcode", errcode=45011)
    delivery = carry(ask(lesson))
    assert delivery.state == State.DEFERRED
    assert delivery.not_before - timezone.now() < timedelta(seconds=61)


@pytest.mark.parametrize(("outcome", "state"), [(2, "rejected"), (3, "failed"), (4, "rejected")])
def test_a_refusal_of_the_platform_is_told_and_not_repeated(
    wechat, platform, lesson, outcome, state
):
    App.objects.update(outcome=outcome)
    delivery = carry(ask(lesson))
    assert delivery.state == state
    assert delivery.error_detail
    assert delivery.error_action
    assert Job.objects.count() == 1


def test_a_person_may_retry_what_failed_and_the_draft_is_used_again(wechat, platform, lesson):
    App.objects.update(outcome=3)
    delivery = carry(ask(lesson))
    App.objects.update(outcome=0)
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert not Draft.objects.exists()
    assert Article.objects.count() == 1


def test_a_title_that_is_too_long_is_refused_in_plain_words(wechat, platform, make_lesson):
    delivery = carry(ask(make_lesson("长" * 33)))
    assert delivery.state == State.REJECTED
    assert "标题有 33 字" in delivery.error_detail


def test_an_outage_ends_in_failed_with_a_way_out(wechat, platform, lesson):
    fault("draft/add", "http500", times_left=100)
    delivery = carry(ask(lesson), times=20)
    assert delivery.state == State.FAILED
    assert delivery.attempts == 8
    assert "重试" in delivery.error_action


def test_withdrawing_takes_the_article_back(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    fault("freepublish/delete", "http500")
    requests.withdraw(delivery.pk)
    assert carry(delivery).state == State.REMOVED
    assert Article.objects.get().is_deleted


def test_cancelling_also_empties_the_draft_box(wechat, platform, lesson):
    delivery = carry(ask(lesson, action="draft"))
    requests.cancel(delivery.pk)
    assert carry(delivery).state == State.CANCELLED
    assert not Draft.objects.exists()


def test_a_cancelled_delivery_cannot_be_brought_back_by_a_busy_worker(wechat, platform, lesson):
    delivery = ask(lesson)
    busy = claim(delivery.pk)
    requests.cancel(delivery.pk)
    with pytest.raises(ClaimLost):
        busy.open("draft")
    delivery.refresh_from_db()
    assert delivery.state == State.CANCELLED


def test_a_newer_text_waits_for_the_older_one_that_is_submitted(wechat, platform, lesson):
    App.objects.update(publish_delay=3600)
    old = carry(ask(lesson), times=1)
    App.objects.update(publish_delay=0)
    lesson.title = "长征出发（修订）"
    lesson.save_revision().publish()
    new = ask(lesson)
    assert carry(new, times=1).state == State.QUEUED
    Job.objects.update(due_at=timezone.now())
    assert carry(old).state == State.PUBLISHED
    assert carry(new).state == State.PUBLISHED
    titles = list(Article.objects.order_by("pk").values_list("items__0__title", flat=True))
    assert titles == ["长征出发", "长征出发（修订）"]


def test_a_delivery_waits_for_its_hour(wechat, platform, lesson):
    delivery = ask(lesson, publish_at=timezone.now() + timedelta(hours=1))
    assert carry(delivery).state == State.QUEUED
    Delivery.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert carry(delivery).state == State.PUBLISHED


def test_a_lesson_for_a_manual_channel_waits_with_its_text(toutiao, lesson):
    delivery = carry(ask(lesson, account="toutiao"))
    assert delivery.state == State.WAITING_HUMAN
    assert "中央红军" in delivery.frozen_post.text
    requests.handoff(delivery.pk, url="https://www.toutiao.com/article/1/")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url) == (
        State.PUBLISHED,
        "https://www.toutiao.com/article/1/",
    )


def test_a_worker_that_keeps_dying_is_stopped(wechat, platform, lesson):
    delivery = ask(lesson)
    Delivery.objects.update(crashes=2, lease_owner="dead:1")
    assert carry(delivery).state == State.FAILED
    assert delivery.error_code == "put_aside"


def test_our_own_mistake_is_tried_three_times_and_then_put_aside(
    wechat, platform, lesson, monkeypatch
):
    def broken(title):
        raise RuntimeError("bug")

    monkeypatch.setattr(drawn, "plain_cover", broken)
    delivery = carry(ask(lesson))
    assert (delivery.state, delivery.error_code) == (State.FAILED, "put_aside")


def test_what_the_platform_took_out_is_told(plain_wechat, platform, make_lesson, monkeypatch):
    monkeypatch.setattr(
        face.platform.Material, "url", property(lambda m: "http://elsewhere.example/x.jpg")
    )
    delivery = carry(ask(make_lesson(body=lesson_body(make_image()))))
    assert "平台去掉了 1 张图片" in delivery.lost
