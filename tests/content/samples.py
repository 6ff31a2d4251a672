"""A filled-in value for any block, made from the block's own definition."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import uuid4

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as CellsBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock

from content.blocks.questions import BankReferenceBlock
from content.blocks.sections import SectionChoiceBlock
from tests.web.factories import a_picture, a_sound


class Sampler:
    """Every text is another one, so that each can be looked for."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)
        self.section = ""

    def block(self, kind: str, definition: Any, **fields: Any) -> dict[str, Any]:
        value = self.value(definition) | fields
        made = {"type": kind, "id": str(uuid4()), "value": value}
        if kind == "section":
            self.section = made["id"]  # that questions cite
        return made

    def site_body(self, stream: Any) -> list[dict[str, Any]]:
        """One of each block that may stand on a live site."""
        fields = {"exhibit": {"rights": "own"}}
        kinds = (pair for pair in stream.child_blocks.items() if pair[0] != "to_verify")
        return [self.block(kind, child, **fields.get(kind, {})) for kind, child in kinds]

    def value(self, definition: Any) -> Any:
        if isinstance(definition, blocks.StructBlock):
            return {name: self.value(child) for name, child in definition.child_blocks.items()}
        if isinstance(definition, blocks.ListBlock):
            return [self._item(definition.child_block) for _ in range(2)]
        return self._field(definition)

    def _item(self, definition: Any) -> dict[str, Any]:
        return {"type": "item", "id": str(uuid4()), "value": self.value(definition)}

    def _field(self, definition: Any) -> Any:
        for kinds, make in _MAKERS:
            if isinstance(definition, kinds):
                return make(self, definition)
        raise NotImplementedError(f"no sample for {type(definition).__name__}: add one here")

    def word(self) -> str:
        return f"样{next(self._numbers)}句"

    def number(self, definition: Any) -> int:
        return int(definition.field.min_value) + next(self._numbers)

    def cells(self) -> dict[str, Any]:
        rows = [[self.word() for _ in range(2)] for _ in range(3)]
        return {"data": rows, "first_row_is_table_header": True, "table_caption": self.word()}


# In this order: some blocks are subclasses of later ones.
_MAKERS: list[tuple[Any, Any]] = [
    (SectionChoiceBlock, lambda sampler, _: sampler.section),
    (BankReferenceBlock, lambda *_: ""),
    (ImageChooserBlock, lambda sampler, _: a_picture().pk),
    (AbstractMediaChooserBlock, lambda sampler, _: a_sound().pk),
    (CellsBlock, lambda sampler, _: sampler.cells()),
    (blocks.ChoiceBlock, lambda _, definition: definition.get_default() or "true"),
    (blocks.BooleanBlock, lambda sampler, _: True),
    ((blocks.IntegerBlock, blocks.FloatBlock), Sampler.number),
    (
        blocks.RichTextBlock,
        lambda sampler, _: f"<p>{sampler.word()}</p><ul><li>{sampler.word()}</li></ul>",
    ),
    ((blocks.CharBlock, blocks.TextBlock), lambda sampler, _: sampler.word()),
]
