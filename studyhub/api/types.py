"""Types the routers share. ninja reads annotations at run time: never hide an import here."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from studyhub.core.characters import clean
from studyhub.core.clock import BEIJING
from studyhub.people.models import Member, User

# What a caller may write. PostgreSQL refuses to store or compare NUL, and nobody means it.
Words = Annotated[str, AfterValidator(clean)]
Text = Annotated[Words, StringConstraints(strip_whitespace=True, max_length=200)]


def _within_reach(moment: datetime) -> datetime:
    """Such that it exists in every time zone; without a zone Beijing is meant."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    if not EARLIEST <= moment <= LATEST:
        raise PydanticCustomError("moment_out_of_reach", "out of reach")
    return moment


# A moment that a caller names: year 1 and 9999 overflow in some zone, sooner or later.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
Moment = Annotated[datetime, AfterValidator(_within_reach)]
MomentWithZone = Annotated[AwareDatetime, AfterValidator(_within_reach)]


class SignedInRequest(HttpRequest):
    """A request whose caller has signed in."""

    user: User
    auth: Any


class MemberRequest(SignedInRequest):
    """A request whose caller has a member's record."""

    member: Member


class In(Schema):
    """A request body. Unknown fields are refused (422), never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FieldProblem(Schema):
    loc: list[str | int]
    code: str
    message: str


class Problem(Schema):
    """``application/problem+json`` (RFC 9457): ``code`` for programs, ``detail`` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] | None = None
    id: str | None = None
