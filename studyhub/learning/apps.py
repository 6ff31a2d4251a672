from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "studyhub.learning"
    label = "learning"
    verbose_name = "学习"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.learning import receivers  # noqa: F401  connects the receivers
