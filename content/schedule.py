"""What happens at its hour: pages go live, pages whose time is over are taken down.

One transaction a page: one that cannot be published stops neither the others nor what is to be
taken down, and its editor is told on the first page of the desk (decision 0014).
"""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from content import oral_histories
from content.models import PageProblem
from content.problems import in_words

logger = logging.getLogger(__name__)
Kind = PageProblem.Kind


def publish_and_expire() -> None:
    """Safe to repeat: what failed is tried again the next time."""
    _forget_what_is_not_due()
    for story in oral_histories.ended():
        for page_id in oral_histories.pages_with(story):
            _in_its_own_transaction(page_id, Kind.EXPIRE, oral_histories.act_on_page)
        oral_histories.hide_words(story)
    for page_id in _overdue().values_list("pk", flat=True):
        _in_its_own_transaction(page_id, Kind.EXPIRE, _take_down)
    for page_id in _approved().values_list("object_id", flat=True):
        _in_its_own_transaction(int(page_id), Kind.PUBLISH, _put_up)


def _overdue() -> QuerySet[Page]:
    return Page.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")


def _approved() -> QuerySet[Revision]:
    due = Revision.page_revisions.filter(approved_go_live_at__lt=timezone.now())
    return due.order_by("approved_go_live_at")


def _take_down(page: Page) -> None:
    for one in _overdue().filter(pk=page.pk):
        one.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _put_up(page: Page) -> None:
    for revision in _approved().filter(object_id=str(page.pk)):
        revision.publish(log_action="wagtail.publish.scheduled")


def _in_its_own_transaction(page_id: int, kind: Kind, act: Callable[[Page], None]) -> None:
    """Looked at once more under the lock of its row: an editor may have changed the plan."""
    try:
        with transaction.atomic():
            act(Page.objects.select_for_update().get(pk=page_id))
            PageProblem.settle(page_id, kind)
    except Page.DoesNotExist:
        logger.info("A page that was due is gone: %s", page_id)
    except Exception as error:
        logger.exception("The page %s is due and cannot be changed", page_id)
        PageProblem.note(page_id, kind, f"{in_words(error)}。{_ADVICE[kind]}")


_ADVICE = {
    Kind.PUBLISH: "系统每分钟会再试一次；请打开页面改好，再按“发布”。",
    Kind.EXPIRE: "系统每分钟会再试一次；着急时请打开页面，自己按“取消发布”。",
}


def _forget_what_is_not_due() -> None:
    approved = [int(pk) for pk in _approved().values_list("object_id", flat=True)]
    overdue = list(_overdue().values_list("pk", flat=True))
    for kind, pages in ((Kind.PUBLISH, approved), (Kind.EXPIRE, overdue)):
        PageProblem.objects.filter(kind=kind).exclude(page_id__in=pages).delete()
