"""The reviewers' screens: what they show, what they take, and to whom they open."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageLogEntry

from content.desk_panels import day_and_hour
from content.models import Change, LessonPage, UrgentCorrection
from content.models.revision_names import NAMED, name_draft
from content.reviews import sheet, urgent
from content.reviews.deadlines import working_days_after
from studyhub.core.clock import BEIJING
from studyhub.core.errors import Conflict
from tests import factories as make
from tests.content.desk import lesson_form
from tests.content.reviews import pieces as way
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(client):
    """The client of a person."""

    def _at(person):
        client.force_login(person)
        return client

    return _at


def screen(client, page):
    answer = client.get(reverse("reviews:review", args=[page.pk]))
    return BeautifulSoup(answer.content, "html.parser").main


def said(client, page):
    return " ".join(screen(client, page).get_text().split())


def press(client, page, act, opinion="", soup=None):
    soup = soup or screen(client, page)
    fields = {"act": act, "opinion": opinion, "seen": soup.find("input", {"name": "seen"})["value"]}
    return client.post(reverse("reviews:act", args=[page.pk]), fields, follow=True)


def test_a_reviewer_finds_it_on_the_first_page_reads_it_and_signs(desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    client = at(desk["first"])
    assert reverse("reviews:review", args=[page.pk]) in client.get("/cms/").content.decode()
    assert "第一节的正文" in said(client, page)
    answer = press(client, page, "approve", "写得清楚")
    assert "已签" in answer.content.decode()
    assert {one.opinion for one in way.reviewed()} == {"写得清楚"}
    assert "现在没有等您审的，" in client.get("/cms/reviews/").content.decode()


def test_an_edit_is_shown_beside_what_was_signed_sign_by_sign(desk, at):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    way.edit(page, desk["editor"], way.reword(1, "第二章"))
    way.submit(page, desk["editor"])
    soup = screen(at(desk["first"]), page)
    assert [one.get_text() for one in soup.find_all("del")] == ["节"]
    assert [one.get_text() for one in soup.find_all("ins")] == ["章"]


def test_what_has_changed_since_it_was_on_the_screen_is_not_signed(desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    client = at(desk["first"])
    before = screen(client, page)
    way.edit(page, desk["editor"], way.reword(0, "第一章"))
    answer = press(client, page, "approve", "好", soup=before)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "送审后又改过" in text
    assert "第一章" in text
    assert ">好</textarea>" in text  # what was typed is not lost
    assert not way.reviewed().exists()


def test_a_return_without_a_reason_is_asked_for_one(desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    client = at(desk["first"])
    assert "请写明退回的理由" in press(client, page, "reject").content.decode()
    assert "已退回" in press(client, page, "reject", "日子不对").content.decode()
    assert "日子不对" in at(desk["editor"]).get("/cms/").content.decode()


def test_who_may_not_sign_is_told_why(desk, at):
    desk["second"].groups.add(*desk["first"].groups.all())
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    way.sign(page, desk["second"])
    client = at(desk["second"])
    assert "一个人不能审两级" in said(client, page)
    assert not screen(client, page).find("button", {"value": "approve"})


@pytest.mark.parametrize("who", ["editor", "publisher", "boss"])
def test_others_read_it_and_sign_nothing(who, desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    client = at(desk[who])
    assert "等初审的同事来签" in said(client, page)
    fields = {"act": "approve", "seen": "{}"}
    client.post(reverse("reviews:act", args=[page.pk]), fields)
    assert not way.reviewed().exists()


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"head": "x"}', "null", '"head"'])
def test_a_forged_screen_signs_nothing(seen, desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    fields = {"act": "approve", "seen": seen}
    answer = at(desk["first"]).post(reverse("reviews:act", args=[page.pk]), fields)
    assert answer.status_code == 409
    assert not way.reviewed().exists()


def test_what_is_signed_can_be_heard_beside_its_words(desk, at):
    page = a_full_lesson(publish=False)
    page.save_revision(user=desk["editor"])
    way.submit(way.again(page), desk["editor"])
    shown = screen(at(desk["first"]), way.again(page))
    heard = [one["src"] for one in shown.find_all(["audio", "video"])]
    media = [b.value["media"] for b in page.body if b.block_type in ("audio", "video")]
    assert heard == [one.url for one in media]
    assert media


def test_the_screen_costs_few_queries(desk, at, django_assert_max_num_queries):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    client = at(desk["first"])
    screen(client, page)
    with django_assert_max_num_queries(21):  # one is of the transaction in which tests run
        screen(client, page)


def test_a_publisher_is_told_what_waits(desk, at):
    page = way.pass_all(way.a_draft(desk["editor"]), desk)
    assert "审完了，等发布" in at(desk["publisher"]).get("/cms/").content.decode()
    way.publish(page)
    assert "审完了，等发布" not in at(desk["publisher"]).get("/cms/").content.decode()


def test_wagtails_own_button_signs_too_and_only_what_was_sent(desk, at):
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    state = way.again(page).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    at(desk["first"]).post(url, {"comment": "同意"})
    assert way.level_of(page) == 2


# Urgent corrections ---------------------------------------------------------------------------
def corrected(page, person):
    def change(draft):
        draft.body[1].value["heading"] = "第二章"
        draft.change_kind, draft.change_note = Change.FACT, "写错了"

    return way.edit(page, person, change)


@pytest.fixture
def live(desk):
    return way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))


def test_an_urgent_correction_is_live_at_once_and_owes_its_reviews(desk, live, at):
    page = corrected(live, desk["editor"])
    client = at(desk["last"])
    url = reverse("reviews:hurry", args=[page.pk])
    assert "第二章" in client.get(url).content.decode()
    client.post(url, {"reason": "日子写错了"})
    page = way.again(page)
    assert (page.body[1].value["heading"], page.live) == ("第二章", True)
    assert [one.reason for one in urgent.owed()] == ["日子写错了"]
    assert "紧急更正还没有补审" in at(desk["editor"]).get("/cms/").content.decode()
    for name in way.REVIEWERS:
        assert way.opened(page) == ["第二章"]
        way.sign(page, desk[name])
    assert urgent.owed() == []


def test_its_reviewer_returns_it_and_it_stays_owed(desk, live):
    page = corrected(live, desk["editor"])
    urgent.publish_urgently(page, desk["last"], "急")
    way.send_back(page, desk["first"])
    assert len(urgent.owed()) == 1


@pytest.mark.parametrize(
    ("who", "reason", "prepare", "words"),
    [
        ("second", "急", corrected, "由终审来发"),
        ("boss", "急", corrected, "由终审来发"),
        ("last", "  ", corrected, "为什么等不到三审"),
        ("last", "\u2060", corrected, "为什么等不到三审"),
        ("last", "急", lambda page, person: page, "没有改动"),
        ("last", "急", lambda p, u: way.edit(p, u, way.reword(1, "第二章")), "“事实”或“重要”"),
    ],
)
def test_what_is_not_urgent_goes_the_long_way(who, reason, prepare, words, desk, live):
    page = prepare(live, desk["editor"])
    with pytest.raises(Exception, match=words):
        urgent.publish_urgently(page, desk[who], reason)
    assert way.again(page).body[1].value["heading"] == "第二节"
    assert not UrgentCorrection.objects.exists()


def test_a_new_lesson_is_never_urgent(desk):
    page = way.a_draft(desk["editor"])
    with pytest.raises(Conflict, match="只用于已经公开的课"):
        urgent.publish_urgently(page, desk["last"], "急")


def test_four_places_are_too_many(desk, live):
    def change(draft):
        for index in range(3):
            draft.body[index].value["heading"] = f"第{index}章"
        draft.title, draft.change_kind, draft.change_note = "别的", Change.FACT, "写错了"

    page = way.edit(live, desk["editor"], change)
    with pytest.raises(Conflict, match="最多 3 处"):
        urgent.publish_urgently(page, desk["last"], "急")


# The sheet, the command, the days --------------------------------------------------------------
def test_the_sheet_is_a_pdf_for_whoever_may_see_the_lesson(desk, live, at):
    url = reverse("reviews:sheet", args=[live.pk])
    answer = at(desk["editor"]).get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_the_sheet_names_each_level_and_says_what_is_open(desk, live):
    told = sheet._data(live, live)
    assert [row[:2] for row in told["acts"]] == [
        ["初审", "first"],
        ["复审", "second"],
        ["终审", "last"],
    ]
    assert (told["state"], told["authors"]) == ("各级都已审签", "editor")
    page = way.edit(live, desk["editor"], way.reword(1, "第二章"))
    assert sheet._data(page, page.get_latest_revision_as_object())["state"] == "还有 1 处没有审完"


def test_what_is_live_and_unsigned_is_found(desk, live, capsys):
    call_command("verify_reviews")
    assert "一致" in capsys.readouterr().out
    body = live.body.get_prep_value()
    body[1]["value"]["heading"] = "偷改的"
    LessonPage.objects.filter(pk=live.pk).update(body=body)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_reviews")
    assert ended.value.code == 1
    assert "偷改的" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-27", 2, "2026-12-01"),
        ("2026-11-28", 1, "2026-11-30"),
    ],
)
def test_a_deadline_counts_the_days_on_which_offices_work(day, days, due):
    moment = datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=BEIJING)
    assert working_days_after(moment, days) == datetime.fromisoformat(f"{due}T18:00").replace(
        tzinfo=BEIJING
    )


def test_the_demos_lessons_count_as_there_before(desk):
    from content.lesson_files import load_lesson
    from content.models.reviews import unsigned_of
    from content.starter_lessons import DATA

    path = min((DATA / "lessons").glob("*.toml"))
    load_lesson(make.a_course(), path)
    page = LessonPage.objects.get()
    assert page.live
    assert unsigned_of(page) == []


@pytest.mark.parametrize("levels", [1, 2])
def test_where_there_are_fewer_levels_the_last_of_them_corrects_urgently(desk, settings, levels):
    settings.REVIEW_LEVELS = levels
    page = way.a_draft(desk["editor"])
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS[:levels]:
        way.sign(page, desk[name])
    page = corrected(way.publish(page), desk["editor"])
    urgent.publish_urgently(page, desk[way.REVIEWERS[levels - 1]], "急")
    assert way.again(page).body[1].value["heading"] == "第二章"
    for name in way.REVIEWERS[:levels]:
        way.sign(page, desk[name])
    assert urgent.owed() == []


def test_the_hour_until_which_it_is_owed_is_told_in_beijing():
    assert day_and_hour(datetime(2026, 12, 31, 17, 5, tzinfo=UTC)) == "1月1日 01:05"


# Names in the history ------------------------------------------------------------------------
def test_the_history_names_what_was_sent_signed_and_published(desk, sign_in):
    page = way.pass_all(way.a_draft(desk["editor"]), desk)
    way.publish(page)
    said = sign_in(desk["editor"]).get(f"/cms/pages/{page.pk}/history/").content.decode()
    places = [
        said.index(name) for name in ("第 1 版", "终审签过的稿", "复审签过的稿", "初审签过的稿")
    ]
    assert places == sorted(places)  # the newest first


def test_what_has_a_name_is_never_written_over(desk):
    page = way.a_draft(desk["editor"])
    plain = page.get_latest_revision()
    again = page.save_revision(user=desk["editor"], overwrite_revision=plain)
    assert again.pk == plain.pk
    name_draft(page, "送审稿", desk["editor"])
    name_draft(page, "送审稿", desk["editor"])
    page.title = "改了"
    later = page.save_revision(user=desk["editor"], overwrite_revision=again)
    assert later.pk != plain.pk
    assert plain.as_object().title != "改了"
    assert PageLogEntry.objects.filter(action=NAMED).count() == 1


def test_a_draft_sent_from_the_editor_is_named(desk, sign_in):
    page = make.a_lesson(body=[make.section("第一节")], publish=False)
    form = lesson_form(page, text="<p>正文。</p>", **{"action-submit": "1"})
    sign_in(desk["editor"]).post(f"/cms/pages/{page.pk}/edit/", form)
    assert way.level_of(page) == 1
    [entry] = PageLogEntry.objects.filter(action=NAMED)
    assert (entry.message, entry.user) == ("送审稿", desk["editor"])
