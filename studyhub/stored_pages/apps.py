from django.apps import AppConfig


class StoredPagesConfig(AppConfig):
    name = "studyhub.stored_pages"
    label = "stored_pages"
    verbose_name = "存好的页面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from studyhub.stored_pages import receivers  # noqa: F401  connects the receivers
        from studyhub.stored_pages.release import release

        if settings.STORED_PAGES:
            release()  # of the code that was just loaded; an upgrade puts other files in its place
