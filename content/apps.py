from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
    label = "content"
    verbose_name = "内容"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from content import preview_forms, receivers, shown  # noqa: F401  known by being imported
        from content.choice_words import name_choices
        from content.file_places import list_places
        from content.link_forms import name_link_fields
        from content.models.review_form import ReviewedPageForm
        from content.oral_histories import problems_before_review as no_consent
        from content.panels import add_panel_below_body
        from content.pictures import name_broken_pictures_alike
        from content.proof_reading import PROOFREAD, problems_before_review
        from content.proof_views import ProofPanel
        from content.question_bank.panel import QuestionsPanel
        from content.whole_actions import make_actions_whole

        make_actions_whole()
        list_places()
        name_choices()
        name_link_fields()
        name_broken_pictures_alike()
        add_panel_below_body(QuestionsPanel(heading="题库"))
        for page in PROOFREAD:
            add_panel_below_body(ProofPanel(heading="校对"), page)
        ReviewedPageForm.guards += [problems_before_review, no_consent]
