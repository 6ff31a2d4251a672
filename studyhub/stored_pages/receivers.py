"""When stored pages no longer hold."""

from studyhub.core.signals import database_current, database_restored, shown_changed
from studyhub.stored_pages.changes import tell_change

for _signal in (shown_changed, database_current, database_restored):
    _signal.connect(tell_change, dispatch_uid="stored_pages.tell_change")
