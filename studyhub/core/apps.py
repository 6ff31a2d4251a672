from django.apps import AppConfig

from studyhub.core import address_parts  # noqa: F401  known before any address is written


class CoreConfig(AppConfig):
    name = "studyhub.core"
    label = "studyhub_core"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studyhub.core import receivers  # noqa: F401  connects the receivers
