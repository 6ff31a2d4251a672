"""What concerns every part of the product."""

from django.dispatch import Signal

# The database was brought back from a backup: what happened at other places since is not known
# here. Arguments: number (int) of the new epoch. Sent in the transaction that begins it.
database_restored = Signal()

# Every table is of today's shape and every permission is there: what the product cannot do without
# may be put in. Sent at the end of ``migrate``, also where nothing was left to do; not after a
# migration to a state of the past. What hears it is safe to repeat.
database_current = Signal()

# Something that public pages show is another. Sent in the transaction that changes it, by whoever
# owns the table.
shown_changed = Signal()

# What a process remembers of the database's words (the lexicon, the organisation) may be of
# yesterday: somebody else has changed something that pages show. What hears it forgets.
memory_outdated = Signal()

# Two entries of one person on the ledger became one. Arguments: kept, other (people.Member). Sent
# in the transaction that merges them, with both locked; what is kept of ``other`` goes to ``kept``.
members_merged = Signal()

# Who is at home in which branch became another. Arguments: before, after (lists of
# people.models.HomeTie). Sent in the transaction that writes the ties, with their members locked.
home_ties_changed = Signal()

# A member is exempt from targets, or is no more. Arguments: member_id (int), exempt (bool). Sent in
# the transaction that writes it, with the member locked.
exemption_changed = Signal()
