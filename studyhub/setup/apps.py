from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "studyhub.setup"
    label = "setup"
    verbose_name = "首次设置"
    default_auto_field = "django.db.models.BigAutoField"
