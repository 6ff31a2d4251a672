from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "studyhub.records"
    label = "records"
    verbose_name = "学习记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.records import metrics  # models must be there first

        metrics.register()
