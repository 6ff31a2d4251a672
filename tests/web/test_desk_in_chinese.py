"""Whoever works at the desk reads Chinese there, on every screen that their role can reach."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from content.models import LessonPage, OralHistory, Pronunciation, ProofRule
from studyhub.core.review_levels import TRANSLATOR
from studyhub.people import access
from tests import factories as make
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.content.desk import lesson_form
from tests.content.twins import way
from tests.web import desk_walk
from tests.web.desk_words import words_on
from tests.web.factories import a_full_lesson, a_picture, a_sound

DESK = [*access.STAFF_GROUPS, TRANSLATOR]
ROLES = [*DESK, "orgadmin"]


@pytest.fixture(scope="module")
def desk(kept_for_the_module):
    """Everything that there is a screen for, and the people of the desk by their roles."""
    people = {role: _a_person(role) for role in DESK}
    people["orgadmin"] = make.an_orgadmin(make.a_branch(), "组织部")
    return people, _things(people[access.EDITOR])


def _a_person(role):
    names = {"editor": "娜仁", "reviewer": "斯琴", "publisher": "哈斯", TRANSLATOR: "萨仁"}
    person = make.a_user(names[role], is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return person


def _things(editor):
    lesson = a_full_lesson(title="长征出发", slug="changzheng-chufa")
    lesson = make.correct(lesson, "minor")
    way.save(lesson, editor)
    waiting = _submitted(make.a_lesson(title="翻雪山", publish=False), editor)
    locked = make.a_lesson(title="过草地")
    locked.locked, locked.locked_by, locked.locked_at = True, editor, timezone.now()
    locked.save()
    picture, sound = a_picture(), a_sound()
    file = ContentFile(b"%PDF-1.4\n", name="a.pdf")
    document = get_document_model().objects.create(title="学习材料", file=file)
    rule = ProofRule.objects.get(key="slips")
    word = Pronunciation.objects.create(term="瓦窑堡", pinyin="wǎ yáo bǔ", spoken="瓦窑补")
    told = {"teller": "巴特尔", "shown_as": "巴老人", "consented_on": timezone.localdate()}
    OralHistory.objects.create(media=a_sound(), **told)
    redirect = Redirect.objects.create(old_path="/jiu", redirect_page=lesson)
    delivery = DeliveryFactory(waiting=True, lesson_key=lesson.translation_key)
    AccountFactory(manual=True)
    folder = Collection.get_first_root_node().add_child(name="展馆照片")
    state = waiting.current_workflow_task_state
    return {
        "page_id": [lesson.pk],
        "pages_workflow_action_page_id": [waiting.pk],
        "pages_workflow_collect_action_data_page_id": [waiting.pk],
        "pages_workflow_confirm_cancellation_page_id": [waiting.pk],
        "pages_workflow_preview_page_id": [waiting.pk],
        "parent_page_id": [lesson.get_parent().pk],
        "page_to_move_id": [lesson.pk],
        "destination_id": [lesson.get_parent().pk],
        "content_type_app_name": ["content"],
        "content_type_model_name": ["lessonpage"],
        "app_label": ["content"],
        "model_name": ["lessonpage"],
        "pages": [lesson.pk],
        "revision_id": [lesson.revisions.earliest("pk").pk],
        "revision_id_a": ["earliest"],
        "revision_id_b": ["latest"],
        "action_name": ["approve", "reject"],
        "task_state_id": [state.pk],
        "workflow_state_id": [state.workflow_state_id],
        "task_id": [state.task_id],
        "image_id": [picture.pk],
        "document_id": [document.pk],
        "doc_id": [document.pk],
        "media_id": [sound.pk],
        "media_type": ["audio", "video"],
        "redirect_id": [redirect.pk],
        "delivery_id": [delivery.pk],
        "collection_id": [folder.pk],
        "collections": [folder.pk],
        "snippets_content_pronunciation_edit": [word.pk],
        "snippets_content_pronunciation_delete": [word.pk],
        "snippets_content_pronunciation_usage": [word.pk],
        "snippets_content_pronunciation_history": [word.pk],
        "snippets_content_pronunciation_copy": [word.pk],
        "snippets_content_proofrule_edit": [rule.pk],
        "snippets_content_proofrule_delete": [rule.pk],
        "snippets_content_proofrule_usage": [rule.pk],
        "snippets_content_proofrule_history": [rule.pk],
        "snippets_content_proofrule_copy": [rule.pk],
    }


def _page_screens(known):
    """One form for each type of page there is, new and old, in each state it can be in."""
    [reviewed], [state] = known["pages_workflow_preview_page_id"], known["workflow_state_id"]
    yield f"/cms/pages/{reviewed}/workflow_history/detail/{state}/"
    for page in Page.objects.filter(depth__gt=1):
        yield f"/cms/pages/{page.pk}/edit/"
        yield f"/cms/pages/{page.pk}/"
    for page in Page.objects.filter(depth__gt=1).specific():
        for kind in page.allowed_subpage_models():
            yield f"/cms/pages/add/content/{kind._meta.model_name}/{page.pk}/"


def _submitted(lesson, editor):
    task = GroupApprovalTask.objects.create(name="初审")
    task.groups.add(Group.objects.get(name=access.REVIEWER))
    workflow = Workflow.objects.create(name="三审三校")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=Site.objects.get().root_page)
    lesson.save_revision(user=editor)
    workflow.start(lesson, editor)
    return lesson


BULK = {
    "wagtailcore/page": ("page_id", "delete", "move", "publish", "unpublish"),
    "wagtailimages/image": ("image_id", "add_to_collection", "add_tags", "delete"),
    "wagtaildocs/document": ("document_id", "add_to_collection", "add_tags", "delete"),
}


def _bulk_actions(known):
    for kind, (name, *acts) in BULK.items():
        for act in acts:
            yield f"/cms/bulk/{kind}/{act}/?id={known[name][-1]}&next=/cms/"


@pytest.mark.slow
@pytest.mark.once  # the words are the same on every database
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("role", ROLES)
def test_every_screen_is_in_chinese(desk, role):
    people, known = desk
    client = Client()
    client.force_login(people[role])
    urls = ["/cms/", *desk_walk.addresses(known), *_page_screens(known), *_bulk_actions(known)]
    found = {
        words: url for url, text in desk_walk.screens(client, urls) for words in words_on(text)
    }
    report = "\n".join(f"{words}  {url}" for words, url in sorted(found.items()))
    assert not report, report


AUTOSAVE = {"accept": "application/json", "x-requested-with": "XMLHttpRequest"}


def _forms(known):
    """Where a form can be handed in with nothing filled in, by the one who may."""
    lesson, course = known["page_id"][0], known["parent_page_id"][0]
    yield "editor", f"/cms/pages/{lesson}/edit/", {}
    yield "editor", f"/cms/pages/{lesson}/edit/", AUTOSAVE
    yield "editor", f"/cms/pages/add/content/lessonpage/{course}/", {}
    yield "editor", f"/cms/pages/add/content/lessonpage/{course}/", AUTOSAVE
    yield "editor", f"/cms/pages/{lesson}/copy/", {}
    yield "editor", f"/cms/pages/{lesson}/move/", {}
    for kind in ("images", "documents"):
        yield "editor", f"/cms/{kind}/add/", {}
        yield "editor", f"/cms/{kind}/multiple/add/", AUTOSAVE
        yield "editor", f"/cms/{kind}/chooser/create/", {}
    yield "editor", "/cms/media/audio/add/", {}
    yield "editor", "/cms/snippets/content/pronunciation/add/", {}
    yield "editor", "/cms/snippets/content/proofrule/add/", {}
    yield "editor", "/cms/choose-email-link/", {}
    yield "editor", "/cms/account/", {}
    yield "publisher", f"/cms/pages/{lesson}/privacy/", {}
    yield "publisher", f"/cms/channels/{known['delivery_id'][0]}/act/", {}


@pytest.mark.usefixtures("db")
def test_what_is_wrong_with_a_form_is_said_in_chinese(desk):
    people, known = desk
    lesson = LessonPage.objects.get(pk=known["page_id"][0])
    wrong = {"title": "", "slug": "没有字母", "new_parent_page": known["parent_page_id"][0]}
    form = lesson_form(lesson, text="") | wrong
    found = {}
    for role, url, headers in _forms(known):
        client = Client(headers=headers)
        client.force_login(people[role])
        answer = client.post(url, form, follow=True)
        assert answer.status_code in (200, 400, 422), (url, answer.status_code)
        found |= dict.fromkeys(words_on(answer.content.decode()), url)
    assert not found
