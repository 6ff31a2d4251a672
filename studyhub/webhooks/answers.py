"""What an answer means: it arrived, not now, or never again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# Five seconds, then five minutes and on, as Standard Webhooks proposes: four days in all.
DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400)
)
LONGEST = timedelta(days=1)
GONE = 410
BUSY = (429, 503)


@dataclass(frozen=True)
class Answer:
    """``status`` is 0 where none came; ``words`` say in Chinese what was wrong."""

    status: int = 0
    words: str = ""
    retry_after: str = ""

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """The receiver says that nothing of this kind will ever be taken again."""
        return self.status == GONE


def of_status(status: int, retry_after: str = "") -> Answer:
    """What people read of a status. A redirection is not followed: it might lead anywhere."""
    if 200 <= status < 300:
        return Answer(status)
    if 300 <= status < 400:
        return Answer(status, "对方要我们转到别的地址。请把新地址写进设置。")
    known = {
        401: "对方不认我们的签名，请核对两边的密钥。",
        403: "对方不让进，请核对两边的密钥和来访地址。",
        404: "对方没有这个地址，请核对网址。",
        410: "对方说这个地址不再用了。",
        429: "对方嫌我们太快，过一会儿再送。",
    }
    return Answer(status, known.get(status, f"对方答了 {status}，没有收下。"), retry_after)


def wait_after(attempts: int, answer: Answer, now: datetime) -> timedelta | None:
    """Until the next try; None when there is none. A busy receiver may ask for longer."""
    if attempts > len(DELAYS):
        return None
    wait = DELAYS[attempts - 1]
    asked = _asked(answer.retry_after, now) if answer.status in BUSY else timedelta()
    return min(max(wait, asked), LONGEST)


def _asked(text: str, now: datetime) -> timedelta:
    """``Retry-After`` in seconds or as a date; what is unreadable asks for nothing."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return timedelta()
