from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "studyhub.core"
    label = "studyhub_core"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"
