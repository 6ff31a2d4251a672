"""党组织 at the desk: the tree with how many belong where today, and what can be done to a node."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import ModelLogEntry

from studyhub.core.clock import today
from studyhub.core.errors import NotFound, StudyhubError
from studyhub.people import access, branch_tree
from studyhub.people.desk import for_branch_keepers
from studyhub.people.desk.fields import Cell, Day, Form
from studyhub.people.desk.member_forms import CHOOSE
from studyhub.people.models import Branch, BranchMembership, User
from studyhub.people.roster import values

HOME = BranchMembership.Kind.HOME


class _BranchForm(Form):
    """``branch`` is whose page it is; others are chosen from what the caller keeps."""

    def __init__(self, *args: Any, branch: Branch, kept: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("parent", "to"):
            if name in self.fields:
                self.fields[name].queryset = kept.exclude(pk=branch.pk)  # type: ignore[attr-defined]


def _chosen(label: str, **kwargs: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    queryset = Branch.objects.none()
    return forms.ModelChoiceField(
        queryset, label=label, empty_label="请选", error_messages=CHOOSE, **kwargs
    )


class NameForm(_BranchForm):
    name = Cell(
        values.organisation_of,
        label="名称",
        required=True,
        error_messages={"required": "请写名称。"},
    )
    kind = forms.ChoiceField(label="类型", choices=Branch.Kind.choices, error_messages=CHOOSE)


class PlaceForm(_BranchForm):
    parent = _chosen("新的上级")


class MergeForm(_BranchForm):
    to = _chosen("并到")
    on = Day("从哪天起", required=True)


class EndForm(_BranchForm):
    on = Day("最后一天", required=True)
    to = _chosen("人和小组转到", required=False, help_text="没有人就空着")


@dataclass(frozen=True)
class Act:
    """A form of the page and what its button does; ``moves`` it takes the branch out of its place,
    which nobody does to the root of what they keep."""

    title: str
    form: type[Any]
    change: Callable[[Branch, dict[str, Any], User], object]
    moves: bool = True


def _add(branch: Branch, data: dict[str, Any], by: User) -> object:
    return branch_tree.add_branch(name=data["name"], kind=data["kind"], parent=branch, by=by)


def _rename(branch: Branch, data: dict[str, Any], by: User) -> object:
    return branch_tree.rename_branch(branch, name=data["name"], kind=data["kind"], by=by)


def _place(branch: Branch, data: dict[str, Any], by: User) -> object:
    return branch_tree.place_branch(branch, parent=data["parent"], by=by)


def _merge(branch: Branch, data: dict[str, Any], by: User) -> object:
    return branch_tree.merge_branches(kept=data["to"], other=branch, on=data["on"], by=by)


def _end(branch: Branch, data: dict[str, Any], by: User) -> object:
    return branch_tree.end_branch(branch, on=data["on"], to=data["to"], by=by)


ACTS = {
    "add": Act("在下面建一个", NameForm, _add, moves=False),
    "rename": Act("改名称和类型", NameForm, _rename, moves=False),
    "place": Act("移到别的上级下面", PlaceForm, _place),
    "merge": Act("并到另一个党组织", MergeForm, _merge),
    "end": Act("撤销", EndForm, _end),
}


@require_GET
@for_branch_keepers
def branches(request: HttpRequest) -> HttpResponse:
    """The tree, or the caller's part of it, with the counts of today; no names."""
    user: Any = request.user
    kept = list(access.branches_kept_by(user))
    context = {
        "rows": _rows(kept),
        "header_title": "党组织",
        "page_title": "党组织",
        "header_icon": "site",
    }
    return render(request, "people/branches.html", context)


def _rows(kept: list[Branch]) -> list[dict[str, Any]]:
    """Each with how many come from it and how many it hosts, those below included: one query."""
    held = BranchMembership.objects.in_force(today()).order_by()
    own = held.values_list("branch__path", "kind").annotate(people=Count("pk"))
    counts: Counter[tuple[str, str]] = Counter()
    for path, kind, people in own:
        for end in range(Branch.steplen, len(path) + 1, Branch.steplen):
            counts[path[:end], kind] += people
    top = min((branch.depth for branch in kept), default=1)
    return [
        {
            "branch": branch,
            "indent": range(branch.depth - top),
            "home": counts[branch.path, HOME],
            "host": counts[branch.path, BranchMembership.Kind.HOST],
        }
        for branch in kept
    ]


@require_GET
@for_branch_keepers
def branch_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access.branch_kept_by(request.user, public_id))


@require_POST
@for_branch_keepers
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One change; a refusal is said at the field it is about, and what was typed stays."""
    user: Any = request.user
    branch = access.branch_kept_by(user, public_id)
    name = request.POST.get("act", "")
    known = ACTS.get(name)
    if known is None or (known.moves and _is_root(user, branch)):
        raise NotFound("unknown_act", "没有这个动作，请从页面上的按钮操作。")
    form = _form(known, name, branch, user, request.POST)
    if form.is_valid() and not _is_stale(request, branch, form):
        try:
            known.change(branch, form.cleaned_data, user)
        except StudyhubError as problem:
            form.refuse(problem.detail, problem.extra.get("field", ""))
        else:
            messages.success(request, f"{branch}：{known.title}，记下了。")
            return redirect("branches:branch", public_id)
    return _page(request, access.branch_kept_by(user, public_id), failed={name: form})


def _is_root(user: User, branch: Branch) -> bool:
    """Of all there is, or of what the caller keeps."""
    return branch.is_root() or branch in access.branches_of(user)


def _is_stale(request: HttpRequest, branch: Branch, form: Any) -> bool:
    """Somebody else changed the branch since its page was shown: that is told first."""
    last = _log(branch)[:1]
    if not last or str(last[0].pk) == request.POST.get("shown", ""):
        return False
    who = last[0].user_display_name
    form.refuse(f"您打开这一页以后，{who}改过：{_words(last[0])}。看过以后再按一次。", "")
    return True


def _form(known: Act, name: str, branch: Branch, user: User, data: Any = None) -> Any:
    kept = access.branches_kept_by(user).filter(ended_on=None)
    initial = {"name": branch.name, "kind": branch.kind} if name == "rename" else {"on": today()}
    return known.form(data, prefix=name, initial=initial, branch=branch, kept=kept)


def _log(branch: Branch) -> Any:
    entries = ModelLogEntry.objects.for_instance(branch)
    return entries.filter(action__startswith="studyhub.branch.").order_by("-timestamp", "-pk")


def _words(entry: Any) -> str:
    return str(entry.data.get("words", ""))


def _page(
    request: HttpRequest, branch: Branch, *, failed: dict[str, Any] | None = None
) -> HttpResponse:
    user: Any = request.user
    failed = failed or {}
    log = list(_log(branch).select_related("user")[:50])
    context = {
        "branch": branch,
        "row": _rows([branch])[0],
        "parent": branch.get_parent(),
        "shown": log[0].pk if log else 0,
        "log": [{"entry": entry, "words": _words(entry)} for entry in log],
        "acts": [
            {"name": name, "act": one, "form": failed.get(name) or _form(one, name, branch, user)}
            for name, one in ACTS.items()
            if not branch.ended_on and not (one.moves and _is_root(user, branch))
        ],
        "header_title": branch.name,
        "page_title": branch.name,
        "header_icon": "site",
    }
    return render(request, "people/branch.html", context, status=422 if failed else 200)
