"""The whole set-up at once, for scripts: what is there already stays as people made it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, User
from studyhub.setup import steps
from studyhub.setup.models import Setup


@dataclass(frozen=True)
class Wish:
    """What the command line said."""

    organisation: str
    place_code: str
    contact: str
    username: str
    password: str
    root: str
    starter_lessons: bool


def set_up(wish: Wish) -> list[str]:
    """Returns what was done and what was left alone, in words, one line each.

    Raises ValidationError; call it in a transaction, so that nothing is half done.
    """
    setup = Setup.locked()
    parts: list[Callable[[Setup, Wish], str]] = [_organisation, _administrator, _root, _lessons]
    said = [part(setup, wish) for part in parts]
    steps.finish(setup)
    return [*said, "系统已经设好。还差什么，执行 manage.py doctor 看。"]


def _organisation(setup: Setup, wish: Wish) -> str:
    organisation = Organisation.load()
    words = {"name": wish.organisation, "place_code": wish.place_code, "contact": wish.contact}
    empty = {key: value for key, value in words.items() if not getattr(organisation, key)}
    for key, value in empty.items():
        setattr(organisation, key, value)
    organisation.full_clean()
    if empty:
        organisation.save()
    return f"单位：{organisation.name}（{'已填好' if empty else '早已填好，没有改'}）"


def _administrator(setup: Setup, wish: Wish) -> str:
    login = User.normalize_username(wish.username)
    known = User.objects.filter(username=login).first()
    if known and known.is_superuser:
        setup.administrator = setup.administrator or known
        setup.save()
        return f"管理员：{login}（已有，密码没有改）"
    if known:
        raise ValidationError(f"账号 {login} 已经有了，但不是管理员。请换一个账号。")
    if setup.administrator:
        return f"管理员：已有 {setup.administrator.username}，没有另建 {login}"
    if not wish.password:
        raise ValidationError("没有读到密码。请加上 --password-stdin，从标准输入给出密码。")
    steps.put_administrator(setup, username=login, display_name="管理员", password=wish.password)
    return f"管理员：{login}（已建好）"


def _root(setup: Setup, wish: Wish) -> str:
    known = setup.root or Branch.get_first_root_node()
    if known:
        steps.put_root(setup, name=known.name, kind=known.kind)
        return f"党组织的根：{known.name}（已有，没有改）"
    return f"党组织的根：{steps.put_root(setup, name=wish.root).name}（已建好）"


def _lessons(setup: Setup, wish: Wish) -> str:
    if wish.starter_lessons and setup.lessons != Setup.Lessons.STARTER:
        return f"起步内容：载入 {steps.put_starter_lessons(setup)} 课，都是草稿，审过才发布"
    if setup.lessons:
        return "课程：已有，没有改"
    steps.put_empty_course(setup, title=steps.FIRST_TITLE)
    return f"课程：{steps.FIRST_TITLE}（空的，已建好）"
