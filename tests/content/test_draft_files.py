"""A file that stands in a draft alone is listed where it is used, and not deleted under it."""

import pytest
from django.db import transaction

from content.draft_files import note_all_draft_files
from content.models import DraftFile, LessonPage
from studyhub.core.errors import Conflict
from tests import factories as make
from tests.web.factories import a_picture, a_sound, block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]


def again(page):
    return LessonPage.objects.get(pk=page.pk)


def draft_with(page, *blocks):
    draft = again(page).get_latest_revision_as_object()
    raw = [one for one in draft.body.get_prep_value() if one["type"] not in ("picture", "audio")]
    draft.body = draft.body.stream_block.to_python([*raw[:1], *blocks, *raw[1:]])
    draft.save_revision()
    return draft


def shows(picture):
    words = {"alt": "画面", "caption": "", "source": "自绘", "licence": "公有"}
    return block("picture", {"image": picture.pk, **words})


def plays(sound):
    words = {"title": "当年", "voice": "human", "transcript": "那一年。"}
    return block("audio", {"media": sound.pk, **words})


@pytest.mark.parametrize(
    ("make_file", "in_block", "usage"),
    [
        (a_picture, shows, "/cms/images/usage/{}/"),
        (a_sound, plays, "/cms/media/usage/{}/"),
    ],
)
def test_it_is_listed_and_kept_while_the_draft_shows_it(admin_client, make_file, in_block, usage):
    page, file = make.a_lesson(), make_file()
    draft_with(page, in_block(file))
    said = admin_client.get(usage.format(file.pk)).content.decode()
    assert "遵义会议" in said
    assert f"/cms/pages/{page.pk}/edit/" in said
    with pytest.raises(Conflict, match="课的草稿“遵义会议”"), transaction.atomic():
        file.delete()
    draft_with(page)
    assert not DraftFile.objects.exists()
    file.delete()


def test_what_the_page_shows_as_well_is_listed_once(admin_client):
    page, picture = make.a_lesson(), a_picture()
    make.publish_page(draft_with(page, shows(picture)))
    assert not DraftFile.objects.exists()
    said = admin_client.get(f"/cms/images/usage/{picture.pk}/").content.decode()
    assert "遵义会议" in said
    assert "课的草稿" not in said


def test_drafts_from_before_are_noted_in_the_night():
    page, picture = make.a_lesson(), a_picture()
    draft_with(page, shows(picture))
    DraftFile.objects.all().delete()
    note_all_draft_files()
    note_all_draft_files()
    assert DraftFile.objects.get().file == ("image", picture.pk)


def test_a_lesson_is_not_used_by_its_own_draft(admin_client):
    page = make.a_lesson()
    draft_with(page, shows(a_picture()))
    usage = admin_client.get(f"/cms/pages/{page.pk}/usage/").content.decode()
    assert "课的草稿" not in usage
    again(page).delete()
    assert not DraftFile.objects.exists()
