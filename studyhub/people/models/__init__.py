"""Accounts, members, the branch tree, study groups and the dated ties between them."""

from studyhub.people.models.accounts import SignedInPhone, SignInTries, User
from studyhub.people.models.contacts import Contact
from studyhub.people.models.invites import Invite, JoinRequest
from studyhub.people.models.ledger_changes import LedgerChange
from studyhub.people.models.members import (
    Branch,
    BranchMembership,
    DatedQuerySet,
    DatedTie,
    Duty,
    GroupMembership,
    HomeTie,
    Member,
    StudyGroup,
)
from studyhub.people.models.moves import MoveAnswer, MoveReport
from studyhub.people.models.personal_codes import PersonalCode
from studyhub.people.models.privacy import ErasureRequest, RecordView
from studyhub.people.models.rosters import RosterExport, RosterLayout, RosterUpload
from studyhub.people.models.second_factors import Passkey, RecoveryCode, SecondFactor
from studyhub.people.models.tokens import TokenGrant

__all__ = [
    "Branch",
    "BranchMembership",
    "Contact",
    "DatedQuerySet",
    "DatedTie",
    "Duty",
    "ErasureRequest",
    "GroupMembership",
    "HomeTie",
    "Invite",
    "JoinRequest",
    "LedgerChange",
    "Member",
    "MoveAnswer",
    "MoveReport",
    "Passkey",
    "PersonalCode",
    "RecordView",
    "RecoveryCode",
    "RosterExport",
    "RosterLayout",
    "RosterUpload",
    "SecondFactor",
    "SignInTries",
    "SignedInPhone",
    "StudyGroup",
    "TokenGrant",
    "User",
]
