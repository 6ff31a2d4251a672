"""A page on its way through the reviews, for tests."""

from uuid import uuid4

from wagtail.models import Page

from content.models import CoursePage, SignOff
from content.models.question_checks import confirm_questions, looks_of
from content.reviews.screen import Screen
from tests import factories as make
from tests.content import site_material as sites

REVIEWERS = ("first", "second", "last")


def a_course(**which):
    page = CoursePage(title="长征与抗战", slug=f"course-{uuid4().hex[:8]}", live=False, **which)
    make.a_tree().courses.add_child(instance=page)
    return page


KINDS = {
    "lesson": lambda **which: make.a_lesson(publish=False, **which),
    "site": lambda **which: sites.a_site(publish=False, **which),
    "course": a_course,
}


def a_draft(editor, kind="lesson", **which):
    page = KINDS[kind](**which)
    page.save_revision(user=editor)
    return again(page)


def again(page):
    return Page.objects.get(pk=page.pk).specific


def edit(page, person, change):
    """The newest draft, changed by this person, saved as the newest draft."""
    draft = again(page).get_latest_revision_as_object()
    change(draft)
    draft.save_revision(user=person)
    return again(page)


def reword(index, heading):
    def change(draft):
        draft.body[index].value["heading"] = heading

    return change


def rename(title):
    def change(draft):
        draft.title = title

    return change


def submit(page, person):
    page = again(page)
    state = page.current_workflow_state
    if state is not None and state.status == state.STATUS_NEEDS_CHANGES:
        return state.resume(person)
    return page.get_workflow().start(page, person)


def task_of(page):
    state = again(page).current_workflow_task_state
    return state and state.task.specific


def level_of(page):
    task = task_of(page)
    return task.level if task else 0


def opened(page):
    """The titles of what is to be signed now."""
    return [one.unit.title for one in Screen(again(page), level_of(page)).opened]


def sign(page, person, **kwargs):
    state = again(page).current_workflow_task_state
    state.task.specific.on_action(state, person, "approve", **kwargs)


def look_again(page):
    """Somebody has read the questions beside the sections they cite."""
    draft = again(page).get_latest_revision_as_object()
    confirm_questions(draft, looks_of(draft))


def reviewed():
    """What reviewers signed; the product itself signs what it makes."""
    return SignOff.objects.filter(kind=SignOff.Kind.REVIEW)


def send_back(page, person, reason="第一节的日子不对"):
    state = again(page).current_workflow_task_state
    state.task.specific.on_action(state, person, "reject", comment=reason)


def pass_all(page, desk):
    submit(page, desk["editor"])
    while level := level_of(page):
        sign(page, desk[REVIEWERS[level - 1]])
    return again(page)


def publish(page):
    again(page).get_latest_revision().publish()
    return again(page)
