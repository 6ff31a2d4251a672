"""Consent acts: on the page, in the queues, on the phones, at the hour, and nobody's true name."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import nested_form_data

from content import oral_histories, schedule
from content.models import LessonPage, OralHistory, PageProblem, RecordingSound, VerticalVideo
from content.recording_sounds import note_all_sounds
from content.revisions import changes
from content.signals import lesson_withdrawn
from studyhub.channels import requests
from studyhub.channels.models import Delivery
from studyhub.core.clock import today
from studyhub.core.errors import Invalid
from studyhub.packs.models import PackHead
from studyhub.packs.tasks import build_all
from tests import factories as make
from tests.channels.factories import AccountFactory
from tests.dying_receivers import dying
from tests.web.factories import a_sound
from tests.web.oral import a_story, told_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]
State = Delivery.State


def test_with_consent_it_is_heard_and_sent_where_the_teller_agreed():
    page = told_in(a_story())
    assert page.live
    assert requests.request_delivery(**ask(page, AccountFactory()))
    with pytest.raises(Invalid, match="没有同意发到“头条号”"):
        requests.request_delivery(**ask(page, AccountFactory(manual=True)))


def ask(page, account):
    return {"lesson_key": page.lesson_key, "account_key": account.key, "action": "publish"}


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"on_site": False}, "没有同意放在网站"),
        ({"expires_on": date(2026, 2, 1)}, "到期"),
        ({"withdrawn_on": date(2026, 2, 1)}, "撤回"),
    ],
)
def test_without_it_no_page_goes_live(fields, word):
    with pytest.raises(ValidationError, match=word):
        told_in(a_story(**fields))


def test_who_withdraws_is_heard_nowhere_the_next_moment(client):
    story = a_story()
    page = told_in(story)
    delivery, _ = requests.request_delivery(**ask(page, AccountFactory()))
    build_all()
    address = page.get_url()
    assert client.get(address).status_code == 200
    story.withdrawn_on = today()
    story.save()
    assert client.get(address).status_code in (404, 410)
    assert client.get(story.media.file.url).status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == State.CANCELLED
    build_all()
    assert not PackHead.objects.in_force().filter(lesson_key=page.lesson_key).exists()
    problem = PageProblem.objects.get(page_id=page.pk)
    assert "撤回" in problem.detail


def test_fewer_channels_stop_what_waits_there_and_leave_the_lesson(client):
    story = a_story(channels=["wechat", "toutiao"])
    page = told_in(story)
    kept, _ = requests.request_delivery(**ask(page, AccountFactory()))
    stopped, _ = requests.request_delivery(**ask(page, AccountFactory(manual=True)))
    story.channels = ["wechat"]
    story.save()
    kept.refresh_from_db()
    stopped.refresh_from_db()
    assert (kept.state, stopped.state) == (State.QUEUED, State.CANCELLED)
    assert client.get(page.get_url()).status_code == 200


def test_the_last_day_is_a_day_and_the_next_is_none(client, time_machine):
    story = a_story(expires_on=today())
    page = told_in(story)
    schedule.publish_and_expire()
    assert client.get(page.get_url()).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=1))
    schedule.publish_and_expire()
    assert not LessonPage.objects.get(pk=page.pk).live
    assert "到期" in PageProblem.objects.get(page_id=page.pk).detail


def test_without_the_recording_it_goes_live_again_and_nothing_is_left_to_do():
    story = a_story()
    page = told_in(story)
    story.withdrawn_on = today()
    story.save()
    draft = LessonPage.objects.get(pk=page.pk)
    draft.body.pop(1)
    make.publish_page(draft)
    assert LessonPage.objects.get(pk=page.pk).live
    assert not PageProblem.objects.filter(page_id=page.pk).exists()


def test_the_true_name_keeps_it_from_review(rf):
    story = a_story()
    page = told_in(story, title="巴特尔的一生", publish=False)
    form = SentForm(page)
    [said] = oral_histories.problems_before_review(form)
    assert "真名" in said
    assert "巴老人" in said
    OralHistory.objects.update(shown_as="巴特尔")
    assert oral_histories.problems_before_review(form) == []


class SentForm:
    def __init__(self, page):
        self.instance = page
        self.cleaned_data = {"title": page.title, "summary": page.summary, "body": page.body}


def test_a_recording_with_a_story_is_not_deleted(boss):
    story = a_story()
    answer = boss.post(f"/cms/media/delete/{story.media.pk}/", follow=True)
    assert "有口述的记录，不能删" in answer.content.decode()
    assert OralHistory.objects.exists()


def test_an_editor_writes_one_down_in_chinese(boss):
    sound = a_sound()
    page = boss.get("/cms/snippets/content/oralhistory/add/").content.decode()
    assert "对外的称呼" in page
    assert "微信" in page
    form = nested_form_data(
        {
            "media": sound.pk,
            "teller": "巴特尔",
            "shown_as": "巴老人",
            "consented_on": "2026-01-05",
            "on_site": "on",
        }
    )
    form["channels"] = ["wechat", "group"]
    answer = boss.post("/cms/snippets/content/oralhistory/add/", form)
    assert answer.status_code == 302, answer.content.decode()
    story = OralHistory.objects.get()
    assert (story.channels, story.on_site) == (["wechat", "group"], True)
    again = boss.get(f"/cms/snippets/content/oralhistory/edit/{story.pk}/").content.decode()
    assert again.count("checked") >= 3


@pytest.fixture
def boss(db):
    client = Client()
    client.force_login(make.a_user("boss", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("consented_on", today() + timedelta(days=1), "还没有到"),
        ("expires_on", date(2025, 1, 1), "在同意以前"),
        ("withdrawn_on", date(2025, 1, 1), "在同意以前"),
    ],
)
def test_dates_that_cannot_be_are_told(field, value, word):
    story = a_story()
    setattr(story, field, value)
    with pytest.raises(ValidationError, match=word):
        story.full_clean()


def test_what_was_told_stands_in_no_history_once_it_is_taken_back(client):
    story = a_story()
    page = told_in(story)
    story.withdrawn_on = today()
    story.save()
    without_sound(page)
    history = client.get(f"{page.get_url()}history/").content.decode()
    assert "首次发布" in history
    assert "那一年" not in history
    assert all("那一年" not in str(one) for one in changes(page.lesson_key, 1))


def without_sound(page):
    draft = LessonPage.objects.get(pk=page.pk)
    draft.body = [(one.block_type, one.value) for one in draft.body if one.block_type != "audio"]
    draft.body[0].value["text"] = RichText("<p>这一年。</p>")
    draft.change_kind, draft.change_note = "fact", "改了。"
    make.publish_page(draft)


def test_nor_of_a_lesson_that_played_it_only_once(client):
    story = a_story()
    page = told_in(story)
    without_sound(page)
    address = f"{page.get_url()}history/"
    assert "那一年" in client.get(address).content.decode()
    story.withdrawn_on = today()
    story.save()
    assert "那一年" not in client.get(address).content.decode()


def test_one_consent_is_of_one_recording():
    story = a_story()
    story.media = a_sound()
    with pytest.raises(ValidationError, match="不能换"):
        story.full_clean()
    with pytest.raises(ValidationError, match="不能换"):
        story.save()


@pytest.mark.parametrize("door", ["title", "summary", "change_note"])
def test_a_true_name_goes_live_by_no_door(door):
    page = told_in(a_story())
    setattr(page, door, "巴特尔说的")
    with pytest.raises(ValidationError, match="真名"):
        page.save()


def test_a_file_of_that_name_is_no_place_for_an_alias():
    story = a_story()
    story.media.title = "巴特尔讲述"
    story.media.save()
    with pytest.raises(ValidationError, match="文件名或标题"):
        told_in(story)


def test_who_wants_another_name_from_now_on_is_named_nowhere_the_next_moment(client):
    story = a_story(shown_as="巴特尔")
    page = told_in(story, title="巴特尔的一生")
    story.shown_as = "巴老人"
    story.save()
    assert client.get(page.get_url()).status_code in (404, 410)
    assert "真名" in PageProblem.objects.get(page_id=page.pk).detail


def test_one_page_that_cannot_be_taken_down_holds_up_no_other(time_machine):
    stuck, other = (told_in(a_story(expires_on=today())) for _ in range(2))
    planned = make.a_lesson(publish=False)
    planned.save_revision(approved_go_live_at=timezone.now() + timedelta(hours=1))

    time_machine.move_to(timezone.now() + timedelta(days=1))
    with dying(lesson_withdrawn, only=stuck.lesson_key):
        schedule.publish_and_expire()
    live = [LessonPage.objects.get(pk=page.pk).live for page in (stuck, other, planned)]
    assert live == [True, False, True]
    assert "RuntimeError" in PageProblem.objects.get(page_id=stuck.pk).detail


# The same sound in another file --------------------------------------------------------------
def again(story, before=b"", after=b"", title="另一段"):
    """Uploaded once more; ``before`` and ``after`` are told beside the sound."""
    with story.media.file.open() as file:
        media = a_sound(before + file.read() + after)
    media.title = title
    media.save()
    return media


ID3 = b"ID3\x04\0\0\0\0\0\x05title"
TAG = b"TAG" + b"x" * 125


@pytest.mark.parametrize(("before", "after"), [(b"", b""), (ID3, b""), (b"", TAG), (ID3, TAG)])
def test_the_same_sound_uploaded_again_needs_the_same_consent(before, after):
    story = a_story(on_site=False)
    with pytest.raises(ValidationError, match="没有同意放在网站"):
        told_in(story, again(story, before, after))


def test_who_withdraws_is_heard_from_no_other_file_either(client):
    story = a_story()
    page = told_in(story, again(story))
    with pytest.raises(Invalid, match="没有同意发到“头条号”"):
        requests.request_delivery(**ask(page, AccountFactory(manual=True)))
    story.withdrawn_on = today()
    story.save()
    assert client.get(page.get_url()).status_code in (404, 410)
    assert "撤回" in PageProblem.objects.get(page_id=page.pk).detail


def test_the_last_day_of_a_consent_is_of_every_file(time_machine):
    story = a_story(expires_on=today())
    page = told_in(story, again(story))
    time_machine.move_to(timezone.now() + timedelta(days=1))
    schedule.publish_and_expire()
    assert not LessonPage.objects.get(pk=page.pk).live


def test_a_second_entry_for_the_same_sound_is_refused_with_the_first():
    story = a_story()
    with pytest.raises(ValidationError, match="已经有一条口述：巴老人的口述"):
        OralHistory(media=again(story), **AGREED).full_clean()
    OralHistory(media=a_sound(), **AGREED).full_clean()


AGREED = {"teller": "其木格", "shown_as": "其老人", "consented_on": date(2026, 1, 5)}


def test_no_other_file_is_called_by_a_true_name():
    story = a_story()
    with pytest.raises(ValidationError, match="文件名或标题"):
        told_in(story, again(story, title="巴特尔讲述"))


def test_files_from_before_sounds_were_known_are_noted_once():
    story = a_story(on_site=False)
    media = again(story)
    RecordingSound.objects.all().delete()
    note_all_sounds()
    note_all_sounds()
    assert RecordingSound.objects.count() == 2
    with pytest.raises(ValidationError, match="没有同意"):
        told_in(story, media)


def test_a_film_of_what_was_told_is_gone_once_it_is_taken_back(
    django_capture_on_commit_callbacks,
):
    story = a_story()
    page = told_in(story)
    film = VerticalVideo.objects.create(page=page, revision=1, key="a" * 32, state="done")
    for name in (film.file_name, film.cover_name):
        default_storage.save(name, ContentFile(b"film"))
    story.on_site = False
    with django_capture_on_commit_callbacks(execute=True):
        story.save()
    assert not VerticalVideo.objects.exists()
    assert not default_storage.exists(film.file_name)
    assert not default_storage.exists(film.cover_name)
