"""Messages between processes as files, for the product on one machine without Redis.

kombu's file transport shows a message to its reader before it is written: a worker that looks in
that moment reads nothing, and ends. Here a message appears whole or not at all.
"""

import logging
import os
from pathlib import Path
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """kombu's channel with messages that are written aside and then moved into place."""

    # kombu's own classes disagree on a message's name.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        # Read in the order of names. Only a name that ends in the queue's own is looked at.
        name = f"{time_ns():020d}_{uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out) / name
        unfinished = path.with_name(f"{name}.part")
        try:
            unfinished.write_bytes(dumps(payload).encode())
            os.replace(unfinished, path)
        except OSError as error:
            raise ChannelError(f"cannot write {path}: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next message. One that a power cut left broken is put aside: the row is the job."""
        while True:
            try:
                return super()._get(queue)
            except ValueError as error:
                log.warning("a broken message in queue %s is dropped: %s", queue, error)


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in this product."""

    Channel = Channel


def use_whole_messages() -> None:
    """``filesystem://`` means the transport of this module from now on."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
