from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "studyhub.webhooks"
    label = "webhooks"
    verbose_name = "事件通知"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.webhooks import receivers  # noqa: F401  known by being imported
