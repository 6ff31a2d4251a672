"""Finding people on the ledger: by what somebody types, by where they belong, by what is missing.

Each way has an index of its own, so that what is typed costs the same on a large ledger: the
beginning of the name, of its initials, or the whole end of the number.
"""

from dataclasses import dataclass
from unicodedata import normalize

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from studyhub.core.clock import today
from studyhub.core.folding import fold
from studyhub.people.models import Branch, BranchMembership, GroupMembership, Member, StudyGroup
from studyhub.people.models.members import MemberQuerySet

TAIL, WHOLE = 4, 11  # digits of a number
# Name order that no index has: PostgreSQL would go through all names in their order till a page is
# full, and those that begin alike stand together, perhaps at the end.
SORTED_LATER = Concat("name_key", Value(""))


@dataclass(frozen=True)
class Search:
    """What is asked for; what is empty asks for nothing. Without ``ended`` those on the ledger."""

    text: str = ""
    branch: Branch | None = None
    group: StudyGroup | None = None
    exempt: bool = False
    ended: bool = False
    no_phone: bool = False

    def among(self, members: MemberQuerySet | QuerySet[Member]) -> QuerySet[Member]:
        """Those of ``members`` that are asked for, in name order."""
        found = members.filter(ended_on__isnull=not self.ended).order_by("name_key", "pk")
        if self.text:
            found = found.filter(_named(self.text)).order_by(SORTED_LATER, "pk")
        if self.branch:
            found = found.filter(Exists(self._ties(BranchMembership, self.branch)))
        if self.group:
            found = found.filter(Exists(self._studies(self.group)))
        if self.exempt:
            found = found.exclude(exempt_reason="")
        return found.filter(phone_index="") if self.no_phone else found

    def _ties(self, model: type[BranchMembership], branch: Branch) -> QuerySet[BranchMembership]:
        ties = model.objects.filter(self._days(), branch__path__startswith=branch.path)
        return ties.filter(member=OuterRef("pk"))

    def _studies(self, group: StudyGroup) -> QuerySet[GroupMembership]:
        return GroupMembership.objects.filter(self._days(), group=group, member=OuterRef("pk"))

    def _days(self) -> Q:
        """Where somebody is today; of who left, where they were at last."""
        if self.ended:
            return Q(ends_on=OuterRef("ended_on"))
        return Q(starts_on__lte=today()) & (Q(ends_on=None) | Q(ends_on__gte=today()))


def _named(typed: str) -> Q:
    text = "".join(fold(typed).split())
    if text.isascii() and text.isdecimal():
        return _with_digits(text)
    if text.isascii():
        return Q(name_initials__startswith=text)
    return Q(name__startswith="".join(normalize("NFKC", typed).split()))


def _with_digits(digits: str) -> Q:
    if len(digits) == TAIL:
        return Q(pk__in=Member.objects.with_phone_tail(digits).values("pk"))
    if len(digits) == WHOLE:
        return Q(pk__in=Member.objects.with_phone(digits).values("pk"))
    return Q(pk__in=())
