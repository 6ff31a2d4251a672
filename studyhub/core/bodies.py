"""Request bodies that do not say how long they are."""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

MOST = 30 * 1024 * 1024  # as the proxy in front takes at most
IN_MEMORY = 512 * 1024
PIECE = 64 * 1024


def measure_bodies(application: Application) -> Application:
    """Before Django, which reads a body without a length as an empty one.

    A server that takes ``Transfer-Encoding: chunked`` apart says so (``wsgi.input_terminated``):
    the body is read to its end, and Django is told how long it was. One that is too long is told
    as one byte more than may be, and refused like any other.
    """

    def measured(environment: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _ends_by_itself(environment):
            body, length = _whole(environment["wsgi.input"])
            environment |= {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
        return application(environment, start_response)

    return measured


def _ends_by_itself(environment: Environment) -> bool:
    chunked = "chunked" in environment.get("HTTP_TRANSFER_ENCODING", "").lower()
    return bool(chunked and environment.get("wsgi.input_terminated"))


def _whole(stream: IO[bytes]) -> tuple[IO[bytes], int]:
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  Django reads it later
    length = 0
    while length <= MOST and (piece := stream.read(PIECE)):
        length += body.write(piece)
    body.seek(0)
    return body, length
