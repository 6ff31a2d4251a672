"""Wagtail's workflow that moves a page from level to level; what was signed is ours to know."""

from django.db import transaction
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from content.models import ReviewTask, SignOff
from content.models.reviewed import Reviewed, reviewed_models
from content.models.reviews import levels, unsigned_of
from content.models.signing import sign_for_all
from studyhub.core.review_levels import LEVELS

NAME = "三审三校"
WAGTAILS = "审核"  # the one step of the workflow that Wagtail brings along


@transaction.atomic
def ensure_workflow() -> None:
    """The three levels, and what is live from before there were any; safe to repeat.

    A workflow that a county made for itself keeps its place.
    """
    if not levels():
        return
    flow = _put_workflow()
    root = Page.get_first_root_node()
    taken = WorkflowPage.objects.filter(page=root).select_related("workflow").first()
    if taken is None:
        WorkflowPage.objects.create(page=root, workflow=flow)
    elif taken.workflow_id != flow.pk and _is_wagtails(taken.workflow):
        taken.workflow = flow
        taken.save()
    sign_what_was_live()


def _is_wagtails(workflow: Workflow) -> bool:
    return [task.name for task in workflow.tasks] == [WAGTAILS]


def _put_workflow() -> Workflow:
    flow, _ = Workflow.objects.get_or_create(name=NAME)
    for number, name in enumerate(LEVELS, start=1):
        task = ReviewTask.objects.filter(level=number).first()
        task = task or ReviewTask.objects.create(name=name, level=number)
        WorkflowTask.objects.get_or_create(
            workflow=flow, task=task, defaults={"sort_order": number}
        )
    return flow


def sign_what_was_live() -> None:
    """Pages published before reviews were bound to their words; only where nothing of their kind
    is signed yet, so that no later hole is covered."""
    for model in reviewed_models():
        keys = model.objects.values("translation_key")
        if not SignOff.objects.filter(lesson_key__in=keys).exists():
            for page in model.objects.live():
                sign_for_all(page, SignOff.Kind.BEFORE)


def go_round_again(workflow_state: WorkflowState) -> None:
    """Approval does not publish: a publisher does. What was rewritten while it was in review goes
    round once more."""
    page = workflow_state.content_object.specific
    if isinstance(page, Reviewed) and unsigned_of(page.get_latest_revision_as_object()):
        workflow_state.workflow.start(page, workflow_state.requested_by)
