"""Rows of ours that Wagtail lists where a file is used: it follows pages and snippets by itself."""

from django.urls import reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import connect_reference_index_signal_handlers_for_model

from content.models import DraftFile, QuestionVersion


class DraftFileURLFinder(ModelAdminURLFinder):
    """From the list of where a file is used to the lesson's form."""

    def construct_edit_url(self, instance: DraftFile) -> str:
        return reverse("wagtailadmin_pages:edit", args=[instance.page_id])


class QuestionVersionURLFinder(ModelAdminURLFinder):
    """From the list of where a picture is used to the question of the bank."""

    def construct_edit_url(self, instance: QuestionVersion) -> str:
        return reverse("questions:edit", args=[instance.question_id])


def list_places() -> None:
    """Call once, from ``AppConfig.ready()``."""
    finders = {DraftFile: DraftFileURLFinder, QuestionVersion: QuestionVersionURLFinder}
    for model, finder in finders.items():
        register_admin_url_finder(model, finder)
        ReferenceIndex.register_model(model)
        connect_reference_index_signal_handlers_for_model(model)
