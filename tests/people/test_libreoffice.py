"""Our Excel files in the office program that costs nothing: every cell reads as it was written."""

import csv
import io
import shutil
import subprocess
import zipfile

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from studyhub.core.clock import today
from studyhub.learning.completion import group_completion
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.learning.own_archive import own_archive
from studyhub.people.ledger_reports import ledger_report
from studyhub.people.ledger_reports_xlsx import ledger_workbook
from studyhub.people.models import Member
from studyhub.people.roster.export import export_roster
from tests import factories as make

# Without its tables it is there, and opens no table.
OFFICE = shutil.which("localc") and shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not OFFICE, reason="LibreOffice (soffice) is not installed"),
]
# All sheets, quoted text, UTF-8, as shown; the last figure asks for a file for each sheet.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
NAMES = (
    *("𠮷野", "阿拉坦·其其格", "㐂子", "007", "13800000001", "20260101000123456789", "2026-01-02"),
    *("=1+1", "+8613800000003", "-5", "@SUM(1,2)", "＝1+1", '=HYPERLINK("http://a.example","点")'),
    *("1/2", "1E5", "TRUE", "#N/A", "甲，乙", '他说"是"'),
)


@pytest.fixture
def books(root):
    """Each file we hand out, about people whose names a program likes to understand."""
    branch = make.a_branch("0123", root)
    members = [
        make.a_member(
            name,
            phone=f"1380000{number:04}",
            left_on=today(),
            return_month="2027-01",
            host_place_code="110105",
            host_place_name="北京市朝阳区",
            confirmed_at=timezone.now(),
        )
        for number, name in enumerate(NAMES)
    ]
    for member in members:
        make.BranchMembershipFactory(member=member, branch=branch)
    group = make.a_group(*members, branch=branch, name="=组")
    lesson = make.a_lesson(title="1935-01-15")
    make.StudyPlanFactory(branch=root, lessons=[lesson])
    make.study(members[0], lesson)
    keeper = make.a_user("gaowa", "高娃", is_superuser=True)
    return {
        "roster": export_roster(on=today(), by=keeper),
        "completion": completion_workbook(group_completion(group)),
        "ledger": ledger_workbook(ledger_report(keeper)),
        "own": _own_sheet(members[0]),
    }


def _own_sheet(member):
    with zipfile.ZipFile(io.BytesIO(own_archive(member))) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xlsx")]
        return archive.read(name)


@pytest.fixture
def opened(books, tmp_path):
    """The sheets of each file as the program shows them, by file and sheet."""
    for name, data in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    command = [OFFICE, "--headless", "--norestore", f"-env:UserInstallation=file://{tmp_path}/home"]
    command += ["--convert-to", AS_CSV, "--outdir", str(tmp_path)]
    files = [str(tmp_path / f"{name}.xlsx") for name in books]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)
    return {tuple(path.stem.split("-", 1)): _rows(path) for path in tmp_path.glob("*.csv")}


def _rows(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def written(data):
    """What we wrote, by sheet; rows without their empty ends."""
    return {
        sheet.title: [_cut(map(_text, row)) for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(io.BytesIO(data))
    }


def _text(value):
    return "" if value is None else str(value)


def _cut(row):
    row = list(row)
    while row and not row[-1]:
        row.pop()
    return row


def test_every_cell_is_shown_as_it_was_written(books, opened):
    for name, data in books.items():
        for title, rows in written(data).items():
            shown = [_cut(row) for row in opened[name, title]]
            assert shown == rows, (name, title)


def test_nothing_is_understood_anew(opened):
    shown = {cell for row in opened["roster", "流动党员花名册"] for cell in row}
    plain = {name for name in NAMES if name[0] not in "=+-@＝"}
    assert plain <= shown
    assert {f"'{name}" for name in NAMES if name not in plain} <= shown
    assert {member.phone for member in Member.objects.all()} <= shown
