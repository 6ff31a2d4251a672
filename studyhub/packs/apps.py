from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "studyhub.packs"
    label = "packs"
    verbose_name = "离线包"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.packs import receivers  # noqa: F401  connects the receivers
