"""The contract with a platform of films: a file goes there in parts, then one call makes the post.

Plain Python. What is uploaded is no post: nobody sees it, and it may be used once. Where a person
must let us post for an account, the adapter also says how they are asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from studyhub.channels.ports import Article, Listing, Picture, Submission, Token


@dataclass(frozen=True)
class Film:
    """A film as a file, MP4, read in pieces; ``cover`` is a JPEG as large as the picture."""

    name: str
    size: int
    cover: Picture
    opener: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Upload:
    """An upload that was begun: the platform's number of it, and the host that takes the parts."""

    upload_id: str
    host: str = ""


class FilmChannel(Listing, Protocol):
    """A platform that takes a film and makes a post of it by API."""

    def check_film(self, film: Film) -> None:
        """Raise ChannelRefused when the film breaks a limit of the platform."""

    def begin_upload(self, film: Film) -> Upload:
        """Harmless to repeat: an upload that is left is forgotten by the platform."""

    def send_film(
        self, upload: Upload, film: Film, *, done: int, sent: Callable[[int], None]
    ) -> str:
        """What the post is made of, when all parts are there.

        ``done`` parts are known to be there; ``sent`` is told how many are, after each. Raises
        MaterialMissing when the platform no longer knows the upload.
        """

    def create(self, upload_id: str, article: Article, cover: Picture) -> Submission:
        """Make the post, once. Raises MaterialMissing when the upload cannot be used (any more)."""


class Authorised(Protocol):
    """A platform on which a person lets us post for their account."""

    def authorise_url(self, state: str, back: str) -> str:
        """Where the person is sent; the platform sends them ``back`` with a code and ``state``."""

    def exchange(self, code: str, back: str) -> Token:
        """What the code is worth, with its grant. AccountStopped when it is worth nothing."""
