"""Where style sheets and scripts are served from."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Also names the modules that scripts import by their contents, so that a phone never mixes
    the modules of two versions."""

    support_js_module_import_aggregation = True
