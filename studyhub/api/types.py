"""Types the routers share. ninja reads annotations at run time: never hide an import here."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from studyhub.core.characters import clean
from studyhub.core.clock import BEIJING, EARLIEST, LATEST
from studyhub.core.folding import fold
from studyhub.organisation.models import PLACE_CODE
from studyhub.people.models import Member, User

# What a caller may write. PostgreSQL refuses to store or compare NUL, and nobody means it.
Words = Annotated[str, AfterValidator(clean)]
Text = Annotated[Words, StringConstraints(strip_whitespace=True, max_length=200)]


def _within_reach(moment: datetime) -> datetime:
    """In UTC, and such that it exists in every time zone; without a zone Beijing is meant.

    PostgreSQL knows no zone beyond 15:59 and fails at a moment written in one.
    """
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    if not EARLIEST <= moment <= LATEST:
        raise PydanticCustomError("moment_out_of_reach", "out of reach")
    return moment.astimezone(UTC)


def _written_out(value: Any) -> Any:
    """A bare number, or one in words, would be taken for seconds or milliseconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    raise PydanticCustomError("datetime_parsing", "not ISO 8601")


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


# Typed in full-width signs as well, kept in plain ones; empty where it is not known.
PlaceCode = Annotated[
    str, StringConstraints(pattern=f"^({PLACE_CODE.pattern})?$"), BeforeValidator(_folded)
]
Month = Annotated[
    str, StringConstraints(pattern="^(20[0-9]{2}-(0[1-9]|1[0-2]))?$"), BeforeValidator(_folded)
]

Moment = Annotated[datetime, BeforeValidator(_written_out), AfterValidator(_within_reach)]
MomentWithZone = Annotated[
    AwareDatetime, BeforeValidator(_written_out), AfterValidator(_within_reach)
]


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
