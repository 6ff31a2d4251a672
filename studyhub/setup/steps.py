"""What the set-up puts in place, one function for each page; the command calls the same.

Each is safe to repeat: sent twice, or by two browsers, it changes what it made and makes nothing
twice. All expect the locked row of ``Setup``.
"""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from content import lesson_files, starter_lessons
from content.fixed_pages import ensure_pages
from studyhub.channels import accounts
from studyhub.core.errors import Conflict
from studyhub.core.version import version
from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, User
from studyhub.people.obligations import must_have_factor
from studyhub.people.roles import put_roles
from studyhub.people.second_factor import factor_of
from studyhub.setup.models import Setup, Upgrade

FIRST_COURSE, FIRST_TITLE = "course-1", "第一门课"


def put_administrator(
    setup: Setup, *, username: str, display_name: str, password: str = ""
) -> User:
    """The first administrator; without a password an account that is there keeps its own.

    Raises ValidationError for a password or login that breaks a rule.
    """
    user = setup.administrator or User(is_staff=True, is_superuser=True)
    user.username, user.display_name = User.normalize_username(username), display_name
    if password:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    user.save()
    setup.administrator = user
    setup.save()
    return user


def put_root(setup: Setup, *, name: str, kind: str = Branch.Kind.PARTY_COMMITTEE) -> Branch:
    """The branch at the root of the tree; one that is there is renamed."""
    root = setup.root or Branch.get_first_root_node()
    if root is None:
        root = Branch.add_root(name=name, kind=kind)
    elif (root.name, root.kind) != (name, kind):
        root.name, root.kind = name, kind
        root.save()
    setup.root = root
    setup.save()
    return root


def put_empty_course(setup: Setup, *, title: str) -> None:
    """A course without lessons; one this step made is given the new title."""
    course = {"slug": FIRST_COURSE, "title": title, "summary": "", "category": "theory"}
    lesson_files.load_course(ensure_pages(settings.PUBLIC_URL), course)
    _note_lessons(setup, Setup.Lessons.EMPTY)


def put_starter_lessons(setup: Setup) -> int:
    """The starter lessons as drafts of the administrator's; returns how many are new."""
    if setup.lessons == Setup.Lessons.STARTER:
        return 0  # what was deleted since stays deleted
    tree = ensure_pages(settings.PUBLIC_URL)
    added = starter_lessons.load_starter_drafts(tree, setup.administrator)
    _note_lessons(setup, Setup.Lessons.STARTER)
    return added


def put_channel(kind: str, values: dict[str, str]) -> None:
    """The first account of this kind, under a key of ours; sent again it has the new settings.

    Raises Invalid for settings that cannot be, Conflict for an account that is there already.
    """
    accounts.put_account(kind, f"{kind}-main", values)


def _note_lessons(setup: Setup, lessons: str) -> None:
    setup.lessons = lessons
    setup.save()


def finish(setup: Setup, *, with_factor: bool = False) -> None:
    """The link is used up. Raises Conflict ``setup_incomplete`` while a page is missing.

    ``with_factor``: the administrator has the second step of signing in as well; without a browser
    there is nobody to show its secret to, and the first sign-in asks for it.
    """
    left = missing(setup)
    if with_factor and lacks_factor(setup):
        left.append("管理员的两步登录")
    if left:
        raise Conflict("setup_incomplete", f"还差：{'、'.join(left)}。请先填好这几页。")
    put_roles()
    setup.finished_at = setup.finished_at or timezone.now()
    setup.save()
    Upgrade.note(version())


def lacks_factor(setup: Setup) -> bool:
    """Whether the administrator is there, and the second step of signing in is not."""
    user = setup.administrator
    return user is not None and must_have_factor(user) and factor_of(user) is None


def missing(setup: Setup) -> list[str]:
    """What must be there before the set-up is over, in the order of its pages."""
    parts = {
        "单位": Organisation.current().name,
        "第一个管理员": setup.administrator,
        "党组织的根": setup.root,
        "第一门课": setup.lessons,
    }
    return [name for name, there in parts.items() if not there]
