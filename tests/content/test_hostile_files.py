"""Files that leave the house: what got into the database stands in them as words, never runs."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from content import catalogue
from content.models import LessonPage, Question, SignOff
from content.printed_lesson import build_printed_lesson
from content.question_bank.export import export_questions
from content.question_bank.keeping import add_question
from content.question_bank.reading import read_questions
from content.question_wording import Choice, Wording
from content.reviews.sheet import build_sheet
from content.typesetting import typeset
from studyhub.core.characters import clean
from studyhub.people.roster.export import export_roster
from tests import factories as make
from tests.payloads import PAYLOADS
from tests.pdf_texts import actions_in, words_in
from tests.web.factories import block

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><a href='javascript:alert(2)'>x</a>"
RUNS = ("hyperlink", "externalLink", "vbaProject", "customXml", "oleObject", "<f>")


def bare(text):
    return "".join(clean(text).split())


# Sheets of paper ------------------------------------------------------------------------------
def test_a_printed_lesson_says_every_attack_and_runs_none():
    long = [one for one in PAYLOADS if bare(one)]
    parts = [long[at : at + 20] for at in range(0, len(long), 20)]
    body = [make.section("第一节")]
    body += [
        block("quotation", {"text": "\n".join(part), "speaker": "", "source": part[0]})
        for part in parts
    ]
    page = make.a_lesson(body=body)
    LessonPage.objects.filter(pk=page.pk).update(title=HOSTILE, summary=HOSTILE)
    pdf = build_printed_lesson(catalogue.content(page.translation_key))
    said = words_in(pdf)
    assert [one for one in [HOSTILE, *long] if bare(one) not in said] == []
    assert actions_in(pdf) == []


def test_the_sheet_of_a_review_says_what_was_written_and_runs_none(settings):
    settings.REVIEW_LEVELS = 3
    page = make.a_lesson()
    LessonPage.objects.filter(pk=page.pk).update(title=HOSTILE)
    page = LessonPage.objects.get(pk=page.pk)
    page.save_revision(user=make.a_user("hostile", HOSTILE[:40]))
    SignOff.objects.update(opinion=HOSTILE, name=HOSTILE[:80])
    pdf = build_sheet(page)
    assert words_in(pdf).count(bare(HOSTILE)) >= 2
    assert actions_in(pdf) == []


def test_what_would_run_is_found_where_it_is():
    """Else nothing is proved."""
    linked = typeset({"main.typ": b'#link("https://example.org/")[x]'})
    assert b"/URI" in actions_in(linked)
    assert actions_in(b"<</OpenAction<</S/JavaScript/JS(1)>>>>") != []


# Spreadsheets ---------------------------------------------------------------------------------
def cells_of(data):
    with ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            assert not any(one.lower() in name.lower() for one in RUNS), name
            if name.startswith("xl/worksheets"):
                text = parts.read(name).decode()
                assert not any(one in text for one in RUNS), name
    rows = load_workbook(BytesIO(data)).active.iter_rows()
    cells = [cell for row in rows for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    return [str(cell.value) for cell in cells]


def test_a_table_of_questions_holds_every_attack_as_text_and_is_read_back():
    attacks = [" ".join(clean(one).split()) for one in PAYLOADS if len(one) <= 80]
    for number, attack in enumerate(attacks):
        choices = (Choice(attack, True), Choice("别的", False))
        stem = f"{attack} 第{number}题"
        words = {"options": choices, "explanation": attack, "source": attack}
        add_question(Wording("single", stem, **words), None)
    data = export_questions(Question.objects.all())
    cells = cells_of(data)
    begin = tuple("=+-@＝＋－＠")
    assert [one for one in cells if one.lstrip(" ").startswith(begin)] == []
    rows = read_questions(data).rows
    assert len(rows) == len(attacks) > 300
    known = {one.pk: one.version.words for one in Question.objects.all()}
    other = [row for row in rows if row.wording != known[row.id]]
    assert [(row.problem, row.stem) for row in other] == []


def test_a_roster_holds_every_attack_as_text():
    make.a_branch(HOSTILE[:60])
    people = [make.a_member(one) for one in PAYLOADS if len(one) <= 40]
    boss = make.a_user("boss", is_superuser=True, is_staff=True)
    cells = cells_of(export_roster(on=date(2026, 11, 28), by=boss))
    for member in people:
        member.refresh_from_db()
        assert {member.name, f"'{member.name}"} & set(cells), member.name
