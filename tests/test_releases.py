"""A release is one number, in project file, changelog and tag; and its data is kept."""

import re
import subprocess
from pathlib import Path

from packaging.version import Version

from studyhub.core.version import version

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests" / "fixtures" / "releases"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RELEASES = re.findall(r"^## (\d\S*) - \d{4}-\d\d-\d\d$", CHANGELOG, re.MULTILINE)


def test_the_version_is_the_newest_release_or_on_the_way_to_the_next():
    now, newest = Version(version()), Version(RELEASES[0])
    assert now == newest or (now.is_devrelease and now > newest)


def test_what_is_not_released_yet_has_no_number_of_a_release():
    unreleased = CHANGELOG.split("## Unreleased", 1)[1].split(f"## {RELEASES[0]}")[0]
    assert not unreleased.strip() or Version(version()).is_devrelease


def test_a_tag_names_the_version_it_stands_at():
    """Without git, in an archive, there is no tag to be wrong."""
    tags: list[str] = []
    if (ROOT / ".git").exists():
        asked = ["git", "tag", "--points-at", "HEAD", "v*"]
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
        tags = told.stdout.split()
    assert set(tags) <= {f"v{version()}"}


def test_the_data_of_every_release_before_this_one_is_kept():
    kept = {path.name.removesuffix(".tar.gz") for path in KEPT.glob("*.tar.gz")}
    before = set(RELEASES) - {version()}
    assert before | {f"{one}-phone" for one in before} <= kept
