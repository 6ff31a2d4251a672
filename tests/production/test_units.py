"""The shipped units: one user, one folder to write to, and what systemd itself says of them."""

import re
import shutil
import subprocess

import pytest

from tests.bench.servers import ROOT

SHIPPED = ROOT / "studyhub" / "docs" / "systemd"
SERVICES = sorted(SHIPPED.glob("*.service"))
pytestmark = pytest.mark.once


BACKUP = "studyhub-backup.service"


def test_there_are_four_kinds_of_processes_and_the_backup():
    assert [file.name for file in SERVICES] == [
        BACKUP,
        "studyhub-beat.service",
        "studyhub-videos.service",
        "studyhub-web@.service",
        "studyhub-worker@.service",
    ]


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_process_writes_into_its_state_only_and_the_backup_to_its_own_place(file):
    text = file.read_text("utf-8")
    assert "\nUser=studyhub\n" in text
    allowed = ["/srv/studyhub/var", *(["/var/backups/studyhub"] if file.name == BACKUP else [])]
    assert re.findall(r"^ReadWritePaths=(.*)$", text, re.MULTILINE) == [" ".join(allowed)]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="没有 systemd-analyze")
def test_the_backup_is_made_every_night():
    text = (SHIPPED / "studyhub-backup.timer").read_text("utf-8")
    (when,) = re.findall(r"^OnCalendar=(.*)$", text, re.MULTILINE)
    said = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", when],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    days = re.findall(r"(\d{4}-\d\d-\d\d) 02:20:00", said)
    assert len(set(days)) >= 2
    assert "Persistent=true" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="没有 systemd-analyze")
@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_systemd_finds_it_hardened(file, tmp_path):
    placed = tmp_path / file.name.replace("@", "@1")
    placed.write_text(file.read_text("utf-8"), "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(placed)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert " OK " in said.splitlines()[-1]
