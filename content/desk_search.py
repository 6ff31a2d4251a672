"""The desk's search: by any part of a title, a name or a tag.

Databases cut texts into words at spaces, so that Chinese titles would be found from their first
character only. There are a few hundred pages and files: the database looks through them all, and
no index is kept. What learners search is ``search_index``.
"""

from collections.abc import Iterator

from modelsearch.backends.database.fallback import (
    DatabaseSearchBackend,
    DatabaseSearchQueryCompiler,
)
from modelsearch.index import AutocompleteField, RelatedFields, SearchField


class AnyPart(DatabaseSearchQueryCompiler):
    """Looks at fields of the row, and of its tags."""

    def get_fields_names(self) -> Iterator[str]:
        """The row's own columns, then those of what belongs to it."""
        yield from super().get_fields_names()
        if not self.fields:
            yield from self._related_names()

    def _related_names(self) -> Iterator[str]:
        for related in self.queryset.model.get_search_fields():
            if isinstance(related, RelatedFields):
                inner = [
                    f for f in related.fields if isinstance(f, SearchField | AutocompleteField)
                ]
                yield from {f"{related.field_name}__{field.field_name}" for field in inner}


class SearchBackend(DatabaseSearchBackend):
    """Named so because Wagtail looks for it under this name."""

    query_compiler_class = AnyPart
    autocomplete_query_compiler_class = AnyPart
