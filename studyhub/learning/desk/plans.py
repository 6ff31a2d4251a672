"""学习计划 at the desk: written, looked at, published; copied for the next season."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from content import catalogue
from studyhub.core.clock import today
from studyhub.core.errors import StudyhubError
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import whole_number
from studyhub.learning import plan_changes
from studyhub.learning.concerned import concerned
from studyhub.learning.desk.plan_forms import (
    LINES,
    Lines,
    PlanForm,
    initial_of,
    text_from,
    with_lesson,
)
from studyhub.learning.models import StudyPlan
from studyhub.people.access import branches_kept_by
from studyhub.people.desk import for_branch_keepers
from studyhub.people.models import Branch

MOST_FOUND = 12


def _plans(request: HttpRequest) -> Any:
    """Those that the caller may change."""
    own = StudyPlan.objects.filter(branch__in=branches_kept_by(request.user))
    return own.select_related("branch").order_by("-starts_on", "-pk")


@require_safe
@for_branch_keepers
def study_plans(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first, with what each asks for."""
    required = Count("planned", filter=Q(planned__required=True))
    plans = _plans(request).annotate(lessons=Count("planned"), required=required)
    context = {
        "plans": [(plan, _state(plan)) for plan in plans],
        "header_title": "学习计划",
        "page_title": "学习计划",
        "header_icon": "list-ul",
    }
    return render(request, "learning/plans.html", context)


def _state(plan: StudyPlan) -> str:
    if plan.is_draft:
        return "草稿，学员看不到"
    if plan.starts_on > today():
        return "已发布，还没开始"
    return "进行中" if plan.ends_on >= today() else "已结束"


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def new_plan(request: HttpRequest) -> HttpResponse:
    """An empty plan, or ``?like=`` an earlier one for the time after it."""
    return PlanPage(request, None, _like(request)).answer()


def _like(request: HttpRequest) -> plan_changes.PlanText | None:
    if not (slug := request.GET.get("like")) or request.method == "POST":
        return None
    old = get_object_or_404(_plans(request), slug=slug)
    text, closed = plan_changes.next_season(old, "")
    if closed:
        named = "、".join(catalogue.names(closed).values())
        messages.warning(request, f"这些课现在没有公开，没有照抄过来：{named}。")
    return text


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def study_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan; it is changed with a press on 保存, whatever was searched for before."""
    plan = get_object_or_404(_plans(request), slug=slug)
    return PlanPage(request, plan, plan_changes.text_of(plan)).answer()


class PlanPage:
    """One request for the page of a plan, and what its buttons do."""

    def __init__(
        self, request: HttpRequest, plan: StudyPlan | None, text: plan_changes.PlanText | None
    ) -> None:
        self.request, self.plan = request, plan
        self.user: Any = request.user
        self.branches = branches_kept_by(request.user)
        self.problem = ""
        self.fill(request.POST if request.method == "POST" else None, text)

    def fill(self, data: QueryDict | None, text: plan_changes.PlanText | None = None) -> None:
        head, lines = initial_of(text) if text else ({}, [])
        head["version"] = self.plan.version if self.plan else 0
        self.head = PlanForm(data, initial=head, branches=self.branches)
        self.lines = Lines(data, initial=lines, prefix=LINES)

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self.page()
        act, _, which = self.request.POST.get("act", "").partition(" ")
        return self.ACTS.get(act, PlanPage.look)(self, which)

    def look(self, which: str = "") -> HttpResponse:
        """Nothing is stored: the search, and the preview of what was typed."""
        return self.page()

    def add(self, which: str) -> HttpResponse:
        if (key := parse_uuid(which)) and catalogue.is_open(key):
            self.fill(with_lesson(self.request.POST, key))
        return self.page()

    def save(self, which: str = "") -> HttpResponse:
        text = text_from(self.head, self.lines)
        if text is None:
            self.problem = "还没有保存：有的地方要改，见下面红字。"
            return self.page()
        return self.done(lambda: self.stored(text), "保存了。")

    def stored(self, text: plan_changes.PlanText) -> StudyPlan:
        if self.plan is None:
            return plan_changes.create_plan(text, by=self.user)
        return plan_changes.save_plan(self.plan, text, version=self.version, by=self.user)

    @property
    def version(self) -> int:
        return whole_number(self.request.POST.get("version")) or 0

    def publish(self, which: str = "") -> HttpResponse:
        """What was typed is stored first, so that what is published is what one sees."""
        text = text_from(self.head, self.lines)
        if text is None:
            self.problem = "还没有发布：有的地方要改，见下面红字。"
            return self.page()

        def put() -> StudyPlan:
            plan = self.stored(text)
            plan_changes.publish_plan(plan, version=plan.version, by=self.user)
            return plan

        return self.done(put, "发布了，有关的学员现在就看得到。")

    def take_back(self, which: str = "") -> HttpResponse:
        plan = self.plan
        if plan is None:
            return self.page()

        def put() -> StudyPlan:
            plan_changes.take_back_plan(plan, version=self.version, by=self.user)
            return plan

        return self.done(put, "收回成草稿了，学员看不到了；学过的记录都在。")

    def done(self, put: Callable[[], StudyPlan], words: str) -> HttpResponse:
        try:
            with transaction.atomic():
                plan = put()
        except StudyhubError as refused:
            self.problem = refused.detail
            return self.page()
        messages.success(self.request, words)
        return redirect("study_plans:plan", plan.slug)

    ACTS = {"save": save, "add": add, "publish": publish, "take_back": take_back}

    def page(self) -> HttpResponse:
        title = self.plan.title if self.plan else "新的学习计划"
        context = {
            "plan": self.plan,
            "state": _state(self.plan) if self.plan else "",
            "problem": self.problem,
            "head": self.head,
            "lines": self.lines,
            "rows": self.rows(),
            "whom": self.whom(),
            "header_title": title,
            "page_title": title,
            "header_icon": "list-ul",
            **self.found(),
        }
        status = 422 if self.problem else 200
        return render(self.request, "learning/plan.html", context, status=status)

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its lesson; a lesson that is closed by its last name."""
        keys = [key for form in self.lines if (key := _key_of(form))]
        cards = {card.lesson_key: card for card in catalogue.lessons(keys)}
        names = catalogue.names(set(keys) - {*cards})
        return [
            {"form": form, "card": cards.get(key), "name": names.get(key, "")}
            for form in self.lines
            if (key := _key_of(form))
        ]

    def found(self) -> dict[str, Any]:
        """Lessons to add: found by what was asked, else the newest; never those in the plan."""
        q = self.request.POST.get("q", "").strip()[:60]
        there = {_key_of(form) for form in self.lines}
        cards = catalogue.lessons(q=q)
        left = [card for card in cards if card.lesson_key not in there]
        return {"q": q, "found": left[:MOST_FOUND], "more": max(0, len(left) - MOST_FOUND)}

    def whom(self) -> Any:
        """Those it concerns while it runs, by the branch as it is chosen in the form."""
        chosen = self.head["branch"].value()
        key = chosen.pk if isinstance(chosen, Branch) else whole_number(chosen)
        branch = self.branches.filter(pk=key).first()
        day = today()
        if self.plan:
            day = min(max(day, self.plan.starts_on), self.plan.ends_on)
        return concerned(branch, day) if branch else None


def _key_of(form: Any) -> UUID | None:
    value = form["lesson_key"].value()
    return value if isinstance(value, UUID) else parse_uuid(str(value or ""))
