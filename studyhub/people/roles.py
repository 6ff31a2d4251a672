"""What each role of the desk may do: one table, put into force after every migration.

Made here are Django's groups by the names of the contract. What a county granted beyond the table
stays granted; what the table says is granted again.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from studyhub.core.review_levels import LEVELS, TRANSLATOR
from studyhub.people import access
from studyhub.people.models import User

DESK = (access.DESK,)
# Wagtail asks what a group may do with the files of a collection, never in general.
CHOICE = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
FILES = (
    *CHOICE,
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtailmedia.add_media",
    "wagtailmedia.change_media",
)
READINGS = tuple(f"content.{act}_pronunciation" for act in ("add", "change", "delete", "view"))
STORIES = tuple(f"content.{act}_oralhistory" for act in ("add", "change", "view"))
# A rule that does not fit is switched off; what it found stays counted.
PROOFS = tuple(f"content.{act}_proofrule" for act in ("add", "change", "view"))
FEATURED = tuple(f"content.{act}_featuredday" for act in ("add", "change", "delete", "view"))
# A question is retired, never deleted: lessons say which they are copies of.
QUESTIONS = tuple(f"content.{act}_question" for act in ("add", "change", "view"))
# What is kept beside the pages.
BESIDE = (*READINGS, *STORIES, *FEATURED)


@dataclass(frozen=True)
class Role:
    """``permissions`` hold everywhere, ``pages`` from the root page down, ``files`` in the root
    collection and every one below it."""

    permissions: tuple[str, ...]
    pages: tuple[str, ...]
    files: tuple[str, ...] = FILES


_REVIEW = Role((*DESK, "content.view_question"), ("change_page",), CHOICE)
ROLES = {
    access.EDITOR: Role((*DESK, *BESIDE, *PROOFS, *QUESTIONS), ("add_page", "change_page")),
    access.REVIEWER: _REVIEW,
    **dict.fromkeys(LEVELS, _REVIEW),
    access.PUBLISHER: Role(
        (*DESK, *BESIDE, "content.view_question", "studyhub_channels.send_delivery"),
        ("add_page", "change_page", "publish_page", "unlock_page"),
    ),
    TRANSLATOR: Role((*DESK, "content.change_blocktwin"), (), CHOICE),
}
REVIEW = "审核"  # Wagtail's task; as it comes, it waits for a group in which there is nobody
UNUSED = ("Editors", "Moderators")  # Wagtail's own roles


@transaction.atomic
def put_roles() -> None:
    """Make the roles and grant what the table says; safe to repeat."""
    for name, role in ROLES.items():
        group, is_new = Group.objects.get_or_create(name=name)
        group.permissions.add(*_named(role.permissions))
        _grant_pages(group, role.pages)
        _grant_files(group, role.files)
        if is_new and name in LEVELS:  # who reviewed before there were levels does so on any
            group.user_set.add(*User.objects.filter(groups__name=access.REVIEWER))
    reviewers = Group.objects.get(name=access.REVIEWER)
    nobody = Group.objects.filter(name__in=UNUSED, user=None)
    for task in GroupApprovalTask.objects.filter(name=REVIEW):
        task.groups.add(reviewers)
        task.groups.remove(*nobody)
    nobody.filter(
        groupapprovaltask=None, pageviewrestriction=None, collectionviewrestriction=None
    ).delete()


def _grant_pages(group: Group, codes: tuple[str, ...]) -> None:
    root = Page.get_first_root_node()
    for permission in _named(tuple(f"wagtailcore.{code}" for code in codes)):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _grant_files(group: Group, names: tuple[str, ...]) -> None:
    root = Collection.get_first_root_node()
    for permission in _named(names):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )


def _named(names: tuple[str, ...]) -> list[Permission]:
    """These permissions, each ``app.codename``; raises LookupError for one unknown."""
    apps = {name.split(".")[0] for name in names}
    every = Permission.objects.filter(content_type__app_label__in=apps)
    every = every.select_related("content_type")
    known = {f"{one.content_type.app_label}.{one.codename}": one for one in every}
    if unknown := set(names) - known.keys():
        raise LookupError(f"no such permission: {', '.join(sorted(unknown))}")
    return [known[name] for name in names]
