"""What content tells whoever cares: a lesson was published, was withdrawn, has another address.

A lesson is open or not, whatever made it so: published, taken down, expired, deleted, a page above
it closed to strangers or moved. Whoever wants to know hears it here, once, in the transaction that
did it, after everything of content's own is stored: the revision, the search entry. So the order of
the apps does not matter, and nobody has to find out from Wagtail's signals whether a page is a
lesson and who may see it (decision 0015).
"""

from enum import StrEnum

from django.dispatch import Signal

# It is open, in this revision; also when it is opened again without a change.
# Arguments: lesson_key (UUID), revision (int), course (slug).
lesson_published = Signal()

# Arguments: lesson_key (UUID), why (Withdrawal), course (slug).
lesson_withdrawn = Signal()

# Its film is done. Arguments: lesson_key (UUID), revision (int).
lesson_filmed = Signal()

# An open lesson stands elsewhere. Arguments: lesson_key (UUID), course (slug).
lesson_moved = Signal()

# Somebody who tells in an open lesson agreed to fewer channels. Arguments: lesson_key (UUID).
channels_narrowed = Signal()

# What stands beside its blocks in another language is another; the lesson and its revision are the
# same, open or not. Arguments: lesson_key (UUID).
lesson_twins_changed = Signal()


class Withdrawal(StrEnum):
    """Why a lesson is no longer open."""

    UNPUBLISHED = "unpublished"
    EXPIRED = "expired"
    DELETED = "deleted"
    CLOSED = "closed"  # to strangers: it or a page above it
