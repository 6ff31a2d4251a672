"""What every block of a body has in common."""

from collections.abc import Iterable
from typing import Any

from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from content.elements import Element
from studyhub.core.characters import clean


def word(value: Any, name: str) -> str:
    """A field as text; empty where an older or unfinished block has none."""
    return clean(str(value.get(name) or ""))


def words(value: Any, *names: str) -> tuple[str, ...]:
    return tuple(word(value, name) for name in names)


class LessonBlock(blocks.StructBlock):
    """A block of a body. It says itself in neutral elements; that is all a surface ever sees."""

    def document(self, value: Any) -> Iterable[Element]:
        """The block's words as elements, in reading order; the reader adds the block's id.

        A draft is previewed before it is finished, and what an editor chose may be deleted later:
        any field may be empty. What cannot be shown then is left out.
        """
        raise NotImplementedError


class OpenBlock(LessonBlock):
    """What is still missing, for editors only: a draft may keep it, a published page may not."""

    advice = ""  # what to do with it

    def clean(self, value: Any) -> Any:
        if not self.is_deferred_validation:
            raise StructBlockValidationError(non_block_errors=[self.advice])
        return super().clean(value)

    def document(self, value: Any) -> Iterable[Element]:
        return ()
