"""What only an editor can put right: noted by whoever meets it, shown on the desk's first page."""

from uuid import UUID

from django.core.exceptions import ValidationError

from content.models import LessonPage, PageProblem
from studyhub.core.errors import StudyhubError


def in_words(error: Exception) -> str:
    """What went wrong, for an editor."""
    if isinstance(error, ValidationError):
        return "；".join(error.messages).rstrip("。")
    if isinstance(error, StudyhubError):
        return error.detail.rstrip("。")
    return f"出了意外的错（{type(error).__name__}），请把这一行告诉管理员"


def note_pack_problem(lesson_key: UUID, error: Exception) -> None:
    """Phones do not get what is published; safe to repeat."""
    for page in LessonPage.objects.filter(translation_key=lesson_key).only("pk"):
        detail = f"{in_words(error)}。改好以后再发布一次；没有改，每晚也会再做一次。"
        PageProblem.note(page.pk, PageProblem.Kind.PACK, detail)


def settle_pack_problem(lesson_key: UUID) -> None:
    """They do again."""
    kind = PageProblem.Kind.PACK
    PageProblem.objects.filter(page__translation_key=lesson_key, kind=kind).delete()
