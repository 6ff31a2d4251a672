"""Where style sheets and scripts are served from."""

from collections.abc import Iterator
from typing import Any

import minify
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What phones load; staff pages may be as large as they come. Phones of 2018 read ES2017.
MINIFIED = {".js": "text/javascript", ".css": "text/css"}
minify.config({"js-version": 2017})


def small_source(name: str, source: bytes) -> bytes:
    """Our scripts and styles without what only developers read; anything else as it is."""
    kind = MINIFIED.get(name[name.rfind(".") :])
    if kind is None or not name.startswith("web/"):
        return source
    return str(minify.string(kind, source.decode())).encode()


class _Small:
    """The storage of a source file, as far as collecting needs one."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def open(self, name: str) -> ContentFile:  # type: ignore[type-arg]  # not subscriptable at run time
        with self.storage.open(name) as file:
            return ContentFile(small_source(name, file.read()), name=name)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Makes our own files small, and names them by their contents.

    Also the modules that scripts import: a phone never mixes the modules of two versions.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Django's own steps over the small sources."""
        small = {name: (_Small(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(small, dry_run, **options)
