from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "studyhub.sandbox"
    label = "sandbox"
    verbose_name = "渠道沙箱"
    default_auto_field = "django.db.models.BigAutoField"
