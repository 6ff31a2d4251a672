"""Where style sheets and scripts are served from."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Any

import minify
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What phones load; staff pages may be as large as they come. Phones of 2018 read ES2017.
SCRIPT = "text/javascript"
MINIFIED = {".js": SCRIPT, ".css": "text/css"}
OURS = "web/"
minify.config({"js-version": 2017})

_IMPORT = re.compile(r"^import .*;$", re.MULTILINE)
_NAMES = re.compile(r'^import \{(.*)\} from "\./(\w+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_MODULE = re.compile(
    r"function module\(\)\{(?P<before>.*)"
    r"class \w+\{static listed\(\)\{return\{(?P<listed>[\w:,$]*)\}\}\}(?P<after>.*)\}",
    re.DOTALL,
)
_PART = re.compile(r'^(?:export \* from|import) "\./(\w+\.js)";$', re.MULTILINE)


def parts_of(source: str) -> list[str]:
    """The modules that a list of modules, like ``base.js``, names; empty for any other."""
    return _PART.findall(source)


def joined(source: str, read: Callable[[str], str]) -> str:
    """One module instead of a list of modules, in the order of the list."""
    names = parts_of(source)
    parts = [read(name) for name in names]
    bodies = (_IMPORT.sub("", part) for part in parts)
    return "\n".join((*_imports(parts, but=names), *bodies)) or source


def _imports(parts: Sequence[str], *, but: Sequence[str]) -> list[str]:
    """What these modules import from others, each name once."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for names, module in (found for part in parts for found in _NAMES.findall(part)):
        wanted[module] |= {name.strip() for name in names.split(",")}
    return [
        f'import {{ {", ".join(sorted(names))} }} from "./{module}";'
        for module, names in sorted(wanted.items())
        if module not in but
    ]


def small_source(name: str, source: bytes) -> bytes:
    """Our scripts and styles without what only developers read; anything else as it is."""
    kind = MINIFIED.get(name[name.rfind(".") :])
    if kind is None or not name.startswith(OURS):
        return source
    text = source.decode()
    module = not parts_of(text) and (_EXPORT.search(text) or _IMPORT.search(text))
    small = _small_module(text) if module else ""
    return (small or str(minify.string(kind, text))).encode()


def _small_module(source: str) -> str:
    """A module with short names inside; empty where the minifier did what is not foreseen here.

    The minifier shortens names within functions alone, so it is given the module as one: without
    its imports, and with a list of what it exports that shows how each is called afterwards.
    """
    imports = str(minify.string(SCRIPT, "\n".join(_IMPORT.findall(source))))
    body = _EXPORT.sub("", _IMPORT.sub("", source))
    listed = ",".join(f"{name}:{name}" for name in _EXPORT.findall(source))
    exports = f"class Exports{{static listed(){{return{{{listed}}}}}}}"
    whole = str(minify.string(SCRIPT, f"function module(){{{body}\n{exports}}}"))
    found = _MODULE.fullmatch(whole)
    if found is None:
        return ""
    parts = [imports, (found["before"] + found["after"]).strip(";")]
    pairs = [pair.split(":") for pair in found["listed"].split(",") if pair]
    if pairs:
        parts.append(f"export{{{','.join(f'{pair[-1]} as {pair[0]}' for pair in pairs)}}}")
    return ";".join(part for part in parts if part)


class _Small:
    """The storage of a source file, as far as collecting needs one."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def open(self, name: str) -> ContentFile:  # type: ignore[type-arg]  # not subscriptable at run time
        source = self._read(name)
        if name.startswith(OURS) and name.endswith(".js"):
            text = joined(source.decode(), lambda part: self._read(f"web/{part}").decode())
            source = text.encode()
        return ContentFile(small_source(name, source), name=name)

    def _read(self, name: str) -> bytes:
        with self.storage.open(name) as file:
            return bytes(file.read())


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Makes our own files small and few, and names modules by their contents.

    A phone thus never mixes the modules of two versions.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Django's own steps over the small sources."""
        within = {f"web/{part}" for part in served_within()}
        small = {
            name: (_Small(storage), path)
            for name, (storage, path) in paths.items()
            if name not in within
        }
        yield from super().post_process(small, dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """What phones load. The desk's own files, ten times as many, the proxy packs as it sends
        them: a start must not wait for them."""
        yield from super().compress_files([path for path in paths if path.startswith(OURS)])


def served_within() -> set[str]:
    """The modules that reach a phone only within a list of modules, like ``base.js``."""
    web = files("studyhub.web").joinpath("static", "web")
    sources = (path.read_text("utf-8") for path in web.iterdir() if path.name.endswith(".js"))
    return {part for source in sources for part in parts_of(source)}
