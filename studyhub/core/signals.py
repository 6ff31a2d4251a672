"""What concerns every part of the product."""

from django.dispatch import Signal

# The database was brought back from a backup: what happened at other places since is not known
# here. Arguments: number (int) of the new epoch. Sent in the transaction that begins it.
database_restored = Signal()
