from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "studyhub.people"
    label = "people"
    verbose_name = "人员与组织"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.people import receivers  # noqa: F401  connects the receivers
