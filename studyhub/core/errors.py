"""Every error we raise on purpose.

* StudyhubError          code for machines, detail in Chinese that says what to do
  - NotFound             not there, or not for the caller to see (never tell which)
  - Invalid              the request breaks a rule; ``errors`` says where
  - Conflict             right in itself, but something else stands in the way
  - NotSignedIn          the caller must sign in first
  - TooMany              too often or too much; ``retry_after`` seconds
  - FilesAway            where uploaded files are kept cannot be reached now
"""

from typing import Any


class StudyhubError(Exception):
    """``code`` is stable for programs, ``detail`` is Chinese for people and says what to do."""

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.extra = extra


class NotFound(StudyhubError):
    """Not there, or not for the caller to see: never tell which."""


class Invalid(StudyhubError):
    """The request breaks a rule; ``errors`` in ``extra`` say where, ``status`` overrides 422."""


class Conflict(StudyhubError):
    """Right in itself, but something else stands in the way."""


class NotSignedIn(StudyhubError):
    """The caller must sign in first."""


class TooMany(StudyhubError):
    """Too often or too much; ``retry_after`` in ``extra``, in seconds."""


class FilesAway(StudyhubError):
    """Where uploaded files are kept cannot be reached now; no file is missing, and nothing is lost.

    No OSError on purpose: who takes that for "this file is gone" must not hear of it.
    """

    RETRY_AFTER = 30  # seconds

    def __init__(self) -> None:
        detail = "存放图片、录音的地方暂时连不上，请过半分钟再试；课文可以照样读。"
        super().__init__("files_away", detail, retry_after=self.RETRY_AFTER)
