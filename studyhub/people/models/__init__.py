"""Accounts, members, the branch tree, study groups and the dated ties between them."""

from studyhub.people.models.accounts import SignedInPhone, SignInTries, User
from studyhub.people.models.members import (
    Branch,
    BranchMembership,
    DatedQuerySet,
    DatedTie,
    Duty,
    GroupMembership,
    Member,
    StudyGroup,
)
from studyhub.people.models.privacy import ErasureRequest, RecordView

__all__ = [
    "Branch",
    "BranchMembership",
    "DatedQuerySet",
    "DatedTie",
    "Duty",
    "ErasureRequest",
    "GroupMembership",
    "Member",
    "RecordView",
    "SignInTries",
    "SignedInPhone",
    "StudyGroup",
    "User",
]
