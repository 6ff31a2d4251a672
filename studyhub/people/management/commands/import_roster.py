from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from studyhub.core.clock import today
from studyhub.core.errors import StudyhubError
from studyhub.core.sheets.reading import MOST_BYTES, Sheet, read_sheet
from studyhub.people.roster.columns import Assigned, Column, Head
from studyhub.people.roster.comparison import Comparison, compare
from studyhub.people.roster.layouts import assign_columns
from studyhub.people.roster.lines import LABELS, WHO, Line, Status
from studyhub.people.roster.uploads import allow_missing, keep_upload, take_upload

COLUMNS: dict[str, Assigned] = {
    **{column.label: column for column in Column if column not in WHO},
    "不收": "",
}


class Command(BaseCommand):
    help = "花名册（.xlsx、.xls、.csv）导入台账：先列出会改什么，加 --commit 才真的改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="花名册")
        parser.add_argument("--commit", action="store_true", help="改；要核对和有错的行不改")
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="台账里没有的党组织建在根下面，没有的小组也建好",
        )

        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="列名=什么",
            help=f"不认识的列是什么，说一次就记住：{'、'.join(COLUMNS)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        how = {"on": today(), "create_missing": options["create_missing"]}
        try:
            with options["file"].open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            assign_columns(dict(map(_assigned, options["column"])), by=None)
            if options["commit"]:
                compared = _take_in(options["file"].name, data, **how)
            else:
                compared = compare(read_sheet(data), **how)
        except OSError as error:
            raise CommandError(f"读不到这个文件（{error.strerror}），请检查路径。") from error
        except StudyhubError as error:
            raise CommandError(error.detail) from error
        for words in _report(compared, committed=options["commit"]):
            self.stdout.write(words)


@transaction.atomic
def _take_in(name: str, data: bytes, *, on: date, create_missing: bool) -> Comparison:
    """As the desk does it, so that it can be taken back there within a day."""
    upload = keep_upload(name, data, by=None)
    if create_missing:
        allow_missing(upload)
    return take_upload(upload, on=on, by=None)


def _assigned(said: str) -> tuple[str, Assigned]:
    name, _, what = said.partition("=")
    if what not in COLUMNS:
        raise CommandError(f"“{said}”看不懂，请写成 列名=什么，什么是：{'、'.join(COLUMNS)}。")
    return name.strip(), COLUMNS[what]


def _report(compared: Comparison, *, committed: bool) -> Iterator[str]:
    yield from _sheet_words(compared.sheet)
    yield from _head_words(compared.head)
    if compared.missing:
        yield f"台账里还没有：{'、'.join(compared.missing)}"
    for line in compared.lines:
        if line.status is not Status.UNCHANGED:
            yield _line_words(line)
    counts = compared.counts()
    yield "，".join(f"{LABELS[status]} {count}" for status, count in counts.items())
    yield "已经写进台账。" if committed else "什么都没有改。看过没有问题，加上 --commit 再执行。"


def _sheet_words(sheet: Sheet) -> Iterator[str]:
    if sheet.name:
        yield f"读的是工作表“{sheet.name}”"
    if sheet.others:
        yield f"这些工作表也有内容，没有读，要导入请各存成一个文件：{'、'.join(sheet.others)}"


def _head_words(head: Head) -> Iterator[str]:
    yield f"表头在第 {head.number} 行：{'、'.join(column.label for column in head.places)}"
    if head.never_read:
        yield f"这些列按规定不收，没有读：{'、'.join(head.never_read)}"
    if head.unknown:
        yield f"这些列不认识，没有读：{'、'.join(head.unknown)}"


def _line_words(line: Line) -> str:
    changes = "；".join(f"{c.column.label} {c.old or '空'} → {c.new}" for c in line.changes)
    return f"第 {line.row} 行 {line.name} {line.label} {line.words or changes}".rstrip()
