"""What phones still have of earlier releases: pages, scripts and worker (``fixtures/releases``)."""

import json
import re
import tarfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fixtures" / "releases"
ENDING = "-phone.tar.gz"
BUNDLES = sorted(FOLDER.glob(f"*{ENDING}"))


def release_of(bundle: Path) -> str:
    return bundle.name.removesuffix(ENDING)


def files_of(bundle: Path) -> dict[str, str]:
    with tarfile.open(bundle) as archive:
        members = [one for one in archive if one.isfile()]
        return {
            Path(one.name).name: archive.extractfile(one).read().decode()  # type: ignore[union-attr]
            for one in members
        }


def addresses_in(files: dict[str, str]) -> set[str]:
    """Every whole address that scripts and worker name, without files and beginnings."""
    scripts = "\n".join(text for name, text in files.items() if name.endswith(".js"))
    own = set(re.findall(r'"(/[a-z][\w./-]*)"', scripts))
    api = {f"/api/v1/{path}" for path in re.findall(r'"((?:me|offline)/[a-z-]+)"', scripts)}
    return {path for path in own | api if not path.startswith(("/static/", "/media/"))}


def shell_of(files: dict[str, str]) -> list[str]:
    """What its worker keeps to open without a network."""
    head = re.match(r"const SHELL = (\{.*?\});\n", files["sw.js"])
    return json.loads(head[1])["files"] if head else []
