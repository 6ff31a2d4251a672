"""The step of Wagtail's workflow that asks one level for its signatures (decision 0044)."""

from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, TaskState

from content.models.page_state import lock_page
from content.models.reviewed import FIRST_LEVEL, Reviewed, reviewed_models
from content.models.reviews import authors_of, due_at, levels_asked, signed_of
from content.models.signing import sign
from content.review_rules import why_not
from content.units import units_of
from studyhub.core.characters import shows_nothing
from studyhub.core.errors import Conflict
from studyhub.core.review_levels import LEVELS, groups_of

MOST_WORDS = 500
ACTIONS = [("reject", "退回修改", True), ("approve", "通过", True)]


class PassForm(TaskStateCommentForm):
    comment = forms.CharField(
        label="意见（可以不写）",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 2}),
    )


class ReturnForm(TaskStateCommentForm):
    comment = forms.CharField(
        label="哪里要改、怎么改",
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明退回的理由，编辑才知道改哪里。"},
    )


class ReviewTask(AbstractGroupApprovalTask):
    """One level of review: it opens what nobody has signed there, and passes over what is signed.

    Its reviewers are the group of its level; to administer the system is no review.
    No personal data.
    """

    level = models.PositiveSmallIntegerField(
        "第几级", validators=[MinValueValidator(1), MaxValueValidator(len(LEVELS))]
    )
    days = models.PositiveSmallIntegerField("几个工作日内审完", default=2, db_default=2)

    admin_form_fields = ["name", "level", "days"]
    admin_form_readonly_on_edit_fields = ["name", "level"]
    admin_form_widgets: dict[str, Any] = {}

    class Meta:
        verbose_name = verbose_name_plural = "三审的一级"

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        state = super().start(workflow_state, user=user)
        if not self._opens(workflow_state.content_object):
            state.status, state.finished_at = TaskState.STATUS_SKIPPED, timezone.now()
            state.save(update_fields=["status", "finished_at"])
        return state

    def _opens(self, page: Any) -> bool:
        """Pages that are not signed unit by unit pass one level, as a whole."""
        if not is_reviewed(page):
            return self.level == FIRST_LEVEL
        draft = page.specific.get_latest_revision_as_object()
        return self.level <= levels_asked(draft) and bool(signed_of(draft).open_at(self.level))

    def is_reviewer(self, user: Any) -> bool:
        """Of this level."""
        return LEVELS[self.level - 1] in groups_of(user)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.is_reviewer(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self.is_reviewer(user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Return to the editor, and pass where this person may sign."""
        if not self.is_reviewer(user):
            return []
        return ACTIONS if not is_reviewed(obj) or not self.why_not(obj, user) else ACTIONS[:1]

    def why_not(self, page: Any, user: Any) -> str:
        """What keeps a reviewer of this level from signing, as a sentence."""
        draft = page.specific.get_latest_revision_as_object()
        units = units_of(draft)
        signed = signed_of(draft, units)
        reason = why_not(signed, self.level, user.pk, authors_of(draft, units))
        return reason or due_at(draft, self.level)

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ReturnForm if action == "reject" else PassForm

    @transaction.atomic
    def on_action(
        self,
        task_state: TaskState,
        user: Any,
        action_name: str,
        comment: str = "",
        seen: Any = None,
        **kwargs: Any,
    ) -> None:
        """Raises Conflict where the text has changed since, or this person may not sign it."""
        page = task_state.workflow_state.content_object
        _look_again(task_state, page)
        comment = comment.strip()[:MOST_WORDS]
        if action_name == "reject" and shows_nothing(comment):
            raise Conflict("no_reason", "请写明退回的理由，编辑才知道改哪里。")
        if action_name == "approve" and is_reviewed(page):
            given = {"opinion": comment, "seen": seen, "since": task_state.started_at}
            sign(page.specific, self.level, user, **given)
        super().on_action(task_state, user, action_name, comment=comment, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """For Wagtail's own lists; what is signed unit by unit stands in ours."""
        if not self.is_reviewer(user):
            return TaskState.objects.none()
        ours = ContentType.objects.get_for_models(*reviewed_models()).values()
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return states.exclude(workflow_state__content_type__in=ours)

    @classmethod
    def get_description(cls) -> str:
        return "三审三校的一级：只审还没有签过的地方"


def _look_again(task_state: TaskState, page: Any) -> None:
    """Under the lock of the page: a colleague may have pressed first."""
    lock_page(page.pk)
    task_state.refresh_from_db()
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        raise Conflict("already_reviewed", "别人已经处理过了。请刷新“审核”页，看现在到了哪一级。")


def is_reviewed(page: Any) -> bool:
    """Pages that are signed unit by unit."""
    return isinstance(page.specific, Reviewed)
