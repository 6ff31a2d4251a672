"""What content tells whoever cares: a lesson was published, a lesson was withdrawn.

Sent in the transaction that publishes or takes down, after everything of content's own is stored:
the revision, the search entry. So the order of the apps does not matter, and nobody has to find out
from Wagtail's signals whether a page is a lesson.
"""

from enum import StrEnum

from django.dispatch import Signal

# Arguments: lesson_key (UUID), revision (int), course (slug).
lesson_published = Signal()

# Arguments: lesson_key (UUID), why (Withdrawal), course (slug).
lesson_withdrawn = Signal()


class Withdrawal(StrEnum):
    """Why a lesson is no longer open."""

    UNPUBLISHED = "unpublished"
    EXPIRED = "expired"
    DELETED = "deleted"
