"""A draft in each of its forms: through what makes the real thing, and kept nowhere."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.files.storage import default_storage

from content.drafts import draft_content
from content.models import LessonPage
from content.storyboard import CLOSING, LINES, SIGNS_A_LINE, seconds_of, storyboard
from studyhub.channels import previews
from studyhub.channels.rendering import build_post
from studyhub.stored_pages import filling
from tests import factories as make
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db
MODES = ["", "elder", "wechat", "group", "sheet", "storyboard"]
# What a rendition of a picture leaves behind is made again by anybody who looks at it.
MAY_GROW = {"wagtailimages.Rendition"}


@pytest.fixture
def editor(sign_in):
    return sign_in(make.a_user("boss", is_superuser=True, is_staff=True))


@pytest.fixture
def draft():
    """Live, and rewritten since."""
    page = a_full_lesson(slug="draft", title="公开的题目")
    page = LessonPage.objects.get(pk=page.pk)
    page.title = "草稿的题目"
    page.save_revision()
    return page


def shown(editor, page, mode):
    revision = page.get_latest_revision().pk
    address = f"/cms/pages/{page.pk}/revisions/{revision}/view/?mode={mode}"
    answer = editor.get(address)
    assert answer.status_code == 200
    return answer


def rows():
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return {
        model._meta.label: model._base_manager.count()
        for model in models
        if model._meta.label not in MAY_GROW
    }


def files():
    found, folders = set(), [""]
    while folders:
        folder = folders.pop()
        inner, names = default_storage.listdir(folder)
        found |= {f"{folder}/{name}" for name in names}
        folders += [f"{folder}/{one}".strip("/") for one in inner if one != "images"]
    return found


def test_the_editor_offers_every_form_in_chinese(draft):
    assert [name for name, _ in draft.preview_modes] == MODES
    assert draft.preview_sizes[0]["device_width"] == 360


@pytest.mark.parametrize("mode", MODES)
def test_each_form_shows_the_draft_and_nobody_may_keep_it(editor, draft, mode):
    answer = shown(editor, draft, mode)
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    told = answer.content.decode()
    assert "现在画不出来" not in told
    if mode != "sheet":
        assert "草稿的题目"[:5] in told
        assert "公开的题目" not in told


@pytest.mark.parametrize("mode", MODES)
def test_a_draft_leaves_no_trace_by_being_looked_at(editor, draft, mode):
    shown(editor, draft, "")  # what signing in leaves is there by now
    before = rows(), files()
    shown(editor, draft, mode)
    assert (rows(), files()) == before


@pytest.mark.parametrize("mode", MODES)
def test_readers_go_on_seeing_what_is_published(client, editor, draft, mode):
    shown(editor, draft, mode)
    for path in (draft.url, "/feeds/lessons.json", "/"):
        assert "草稿的题目" not in client.get(path).content.decode()


@pytest.mark.parametrize("mode", ["", "elder"])
def test_where_the_page_is_stored_the_draft_is_shown_all_the_same(
    editor, draft, mode, settings, tmp_path
):
    settings.STORED_PAGES, settings.PAGE_FILES = True, str(tmp_path)
    filling.refill()
    assert "草稿的题目" in shown(editor, draft, mode).content.decode()


def test_a_look_is_no_reading(editor, draft):
    """The script of a lesson records and keeps; of a draft there is nothing to record."""
    assert "lesson.js" not in shown(editor, draft, "").content.decode()
    assert "lesson.js" in editor.get(draft.url).content.decode()


def test_the_elder_view_is_the_page_in_large(editor, draft):
    assert '<html data-elder="1" data-size="22"' in shown(editor, draft, "elder").content.decode()


def test_the_article_is_what_the_channel_would_get(editor, draft):
    lesson = draft_content(draft)
    post = build_post(lesson, kind="wechat", marker="preview")
    told = shown(editor, draft, "wechat").content.decode()
    assert post.pictures
    assert "data:image/jpeg" in told
    assert "picture:" not in told
    assert post.html.split("<img")[0].strip() in told


def test_a_picture_is_told_from_one_whose_number_begins_alike(editor, draft, monkeypatch):
    html = '<p>picture:12</p><img src="picture:12"><img src="picture:1"><img src="picture:3">'
    post = replace(build_post(draft_content(draft), kind="wechat", marker="preview"), html=html)
    monkeypatch.setattr(previews, "_post", lambda page, kind: replace(post, pictures=(1, 12)))
    monkeypatch.setattr(previews, "_picture", lambda image_id: f"data:<{image_id}>")
    told = shown(editor, draft, "wechat").content.decode()
    pictures = '<img src="data:<12>"><img src="data:<1>"><img src="picture:3">'
    assert f"<p>picture:12</p>{pictures}" in told


def test_the_text_for_the_group_is_what_the_channel_would_get(editor, draft):
    told = shown(editor, draft, "group").content.decode()
    assert "【学习】草稿的题目" in told
    assert "点开就学：" in told


def test_what_cannot_be_made_is_said_in_words(editor, draft, monkeypatch):
    monkeypatch.setattr("content.preview_forms.build_printed_pages", None)
    assert "现在画不出来" in shown(editor, draft, "sheet").content.decode()


@pytest.mark.parametrize("mode", MODES)
def test_a_lesson_without_a_word_can_be_looked_at(editor, mode):
    page = make.a_lesson(body=[make.section("一")], quiz=False, publish=False)
    page.summary, page.body = "", []
    page.save_revision(clean=False)
    assert "现在画不出来" not in shown(editor, page, mode).content.decode()


def test_an_unknown_form_is_the_page(editor, draft):
    assert "草稿的题目" in shown(editor, draft, "nothing").content.decode()


# The shots ----------------------------------------------------------------------------------------
def test_every_shot_can_be_read_in_its_time(draft):
    shots = storyboard(draft.title, draft_content(draft).document)
    assert len(shots) > 4
    for shot in shots:
        assert len(shot.lines) <= LINES or shot.is_title
        assert all(len(line.rstrip("".join(CLOSING))) <= SIGNS_A_LINE for line in shot.lines)
        assert not any(line.startswith(CLOSING) for line in shot.lines)
        assert shot.seconds >= 3
    assert seconds_of(shots) >= 3 * len(shots)


def test_no_word_is_lost_between_the_shots():
    text = "红军从于都出发。" * 9 + "很" * 100 + "远。"
    page = make.a_lesson(body=[make.section("出发", text=f"<p>{text}</p>")], quiz=False)
    shots = storyboard(page.title, draft_content(page).document)
    told = "".join("".join(shot.lines) for shot in shots if not shot.is_title)
    assert told == text
