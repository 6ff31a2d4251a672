from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.models import CoursePage, LessonPage
from content.word_files.door import MOST_BYTES
from content.word_files.drafts import make_draft
from content.word_files.imported import ALL, CERTAIN, read_converted
from content.word_files.process import convert_file
from content.word_files.report import Report
from studyhub.core.errors import StudyhubError


class Command(BaseCommand):
    help = "把 Word 或 WPS 写的 .docx 导入成一课的草稿；不发布"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="原稿，.docx")
        parser.add_argument("--course", required=True, metavar="SLUG", help="放进哪门课程")
        parser.add_argument("--lesson", metavar="SLUG", help="重新导入这一课，做成它的新草稿")
        parser.add_argument(
            "--headings",
            choices=[CERTAIN, ALL],
            default=CERTAIN,
            help="certain：用了标题样式的才是标题，一个也没有时取像标题的行；all：像标题的都是",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            course = _course(options["course"])
            lesson = _lesson(course, options["lesson"]) if options["lesson"] else None
            text = read_converted(convert_file(_read(options["file"])), options["file"].name)
            accepted = text.accepted_by(options["headings"])
            stored = make_draft(text, course, accepted=accepted, lesson=lesson)
        except StudyhubError as error:
            raise CommandError(error.detail) from error
        for line in Report.from_json(stored.data).lines():
            self.stdout.write(line)
        page = LessonPage.objects.get(pk=stored.page_id)
        self.stdout.write(f"草稿：《{page.draft_title}》，编辑页 /cms/pages/{page.pk}/edit/")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"读不到这个文件（{error.strerror}），请检查路径。") from error


def _course(slug: str) -> CoursePage:
    course = CoursePage.objects.filter(slug=slug).first()
    if course is None:
        known = "、".join(CoursePage.objects.values_list("slug", flat=True)[:20])
        raise CommandError(f"没有课程 {slug}。现有的课程：{known or '一门也没有，请先建课程'}。")
    return course


def _lesson(course: CoursePage, slug: str) -> LessonPage:
    lesson = LessonPage.objects.child_of(course).filter(slug=slug).first()
    if lesson is None:
        raise CommandError(f"课程里没有 {slug} 这一课。去掉 --lesson 就另做一课新的草稿。")
    return lesson
