from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
    label = "content"
    verbose_name = "内容"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from content import receivers, shown  # noqa: F401  connects the receivers
        from content.link_forms import name_link_fields
        from content.pictures import name_broken_pictures_alike
        from content.whole_actions import make_actions_whole

        make_actions_whole()
        name_link_fields()
        name_broken_pictures_alike()
