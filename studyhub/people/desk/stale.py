"""Two people at one member: who presses second is shown what the first changed.

Each form carries the number of the last change it shows. Nothing is written over: what was typed
stays in the form, what changed meanwhile stands beside it, and the next press is about that.
"""

from studyhub.people.models import LedgerChange, Member


def changes_since(member: Member, shown: str) -> list[LedgerChange]:
    """What was done to the member's lines since the form was shown, the first first.

    To be asked with the member locked.
    """
    number = int(shown) if shown.isdecimal() and len(shown) < 19 else 0
    later = LedgerChange.objects.filter(member=member, pk__gt=number)
    return list(later.select_related("changed_by").order_by("pk"))
