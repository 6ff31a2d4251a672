from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "studyhub.web"
    label = "web"
    verbose_name = "学员页面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.web import previews  # noqa: F401  known by being imported
