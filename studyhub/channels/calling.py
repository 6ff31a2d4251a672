"""One call to a platform: written down before, closed after, with a place to die at each seam."""

from collections.abc import Callable
from typing import Any, TypeVar

from studyhub.channels.claiming import Claim, note_failure
from studyhub.channels.crashpoints import reach
from studyhub.channels.errors import ChannelError

Answer = TypeVar("Answer")


def call(
    claim: Claim,
    step: str,
    ask: Callable[[], Answer],
    *,
    before: dict[str, Any] | None = None,
    keep: Callable[[Answer], dict[str, Any]] = lambda answer: {},
    note: Callable[[Answer], str] = lambda answer: "",
) -> Answer:
    """``before`` is committed before ``ask`` runs, what ``keep`` makes of the answer after it.

    No transaction is open while ``ask`` runs.
    """
    attempt = claim.open(step, **(before or {}))
    reach(f"{step}_opened")
    try:
        answer = ask()
    except ChannelError as error:
        note_failure(attempt, error)
        raise
    reach(f"{step}_answered")
    claim.finish(attempt, note(answer), **keep(answer))
    reach(f"{step}_saved")
    return answer
