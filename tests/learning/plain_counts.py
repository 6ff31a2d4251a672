"""How branches stand, counted member by member from the rows: what the counters are held to."""

from collections import Counter

from django.db.models import Count

from content import catalogue
from studyhub.core.clock import today
from studyhub.core.small_numbers import SMALLEST_SHOWN, safe_to_show
from studyhub.learning.branches import BranchLine
from studyhub.learning.models import Progress
from studyhub.learning.plans import asked, plan_of_branch, telling_day
from studyhub.people.models import Branch, BranchMembership


def plain_summary(branch, plan_slug=None):
    plan = plan_of_branch(branch, plan_slug)
    planned = list(plan.planned.all()) if plan else []
    titles = catalogue.titles([item.lesson_key for item in planned])
    keys = [item.lesson_key for item in asked(planned, titles)]
    root = branch.path[: Branch.steplen]
    tree = list(Branch.objects.filter(path__startswith=root).order_by("path"))
    day = telling_day(plan) if plan else today()
    own, members, counted, reached, finished = counts_of(tree, keys, day)
    parents = {one.path: one.path[: -Branch.steplen] or None for one in tree}
    shown = safe_to_show(parents, own, SMALLEST_SHOWN)
    return [
        BranchLine(
            child,
            members[child.path],
            reached[child.path],
            finished[child.path],
            counted[child.path] * len(keys),
        )
        if child.path in shown
        else BranchLine(child)
        for child in [one for one in tree if one.is_child_of(branch)] or [branch]
    ]


def counts_of(tree, keys, day):
    """By path: not exempt in the branch itself; then, with all below it, members, not exempt, those
    who began, lessons finished."""
    own, members, counted, reached, finished = (Counter() for _ in range(5))
    homes = BranchMembership.objects.in_force(day).filter(kind="home", branch__in=tree)
    of_tree = Progress.objects.filter(member__in=homes.values("member"))
    done = of_tree.finished().of_lessons(keys).values("member").annotate(count=Count("pk"))
    lessons = dict(done.values_list("member", "count"))
    began = set(of_tree.values_list("member", flat=True))
    for member, exempt, path in homes.values_list(
        "member", "member__exempt_reason", "branch__path"
    ):
        above = [path[:end] for end in range(4, len(path) + 1, 4)]
        members.update(above)
        if not exempt:
            own[path] += 1
            counted.update(above)
            reached.update(above if member in began else [])
            finished.update(dict.fromkeys(above, lessons.get(member, 0)))
    return own, members, counted, reached, finished
