"""Study plans at the desk, and what people miss."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from content.desk_reports import add_report
from content.question_bank.beside import add_beside
from studyhub.learning.desk import plans
from studyhub.learning.plan_changes import PUBLISHED, SAVED, TAKEN_BACK
from studyhub.learning.reports import MissedQuestionsReport, MissedSectionsReport, missed_question
from studyhub.people.access import keeps_branches
from studyhub.people.desk.menu import menu_item

MENU = menu_item("学习计划", "study_plans:plans", keeps_branches, "study-plans", "list-ul", 262)


def plans_urls() -> list[URLPattern | URLResolver]:
    """The screens below ``/cms/study-plans/``."""
    of_plans = [
        path("", plans.study_plans, name="plans"),
        path("new/", plans.new_plan, name="new"),
        path("<slug:slug>/", plans.study_plan, name="plan"),
    ]
    return [path("study-plans/", include((of_plans, "study_plans")))]


def name_log_actions(actions: Any) -> None:
    actions.register_action(SAVED, "保存学习计划", "保存了学习计划")
    actions.register_action(PUBLISHED, "发布学习计划", "发布了学习计划")
    actions.register_action(TAKEN_BACK, "收回学习计划", "把学习计划收回成了草稿")


add_report(MissedQuestionsReport)
add_report(MissedSectionsReport)
add_beside(missed_question)
hooks.register("register_admin_menu_item", MENU)
hooks.register("register_admin_urls", plans_urls)
hooks.register("register_log_actions", name_log_actions)
