"""Which settings this process runs with. Imports nothing, so that every entry point may use it."""

import os


def select_settings() -> None:
    """Point Django at the settings for ``STUDYHUB_ENV`` unless the caller has chosen already."""
    production = os.environ.get("STUDYHUB_ENV") == "production"
    module = "studyhub.settings.production" if production else "studyhub.settings.dev"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
