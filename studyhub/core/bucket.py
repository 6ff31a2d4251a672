"""Files in a bucket of a server that speaks S3, instead of a folder.

The addresses stay ours (``/media/…``): what may be seen is asked of the application each time, and
pictures from one more host would let one more party see who reads what.
"""

import logging
from collections.abc import Iterator
from copy import copy
from typing import Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from django.utils.functional import cached_property
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from studyhub.core.breaker import Breaker
from studyhub.core.errors import FilesAway
from studyhub.core.kept_files import PIECE, StoredFile

logger = logging.getLogger(__name__)
NO_ENTRY = (401, 403)
WRITING = 20  # seconds of silence while a large file is put together


class BucketFile(S3File):
    """The library's; an answer that breaks off half-way is an error of ours, and no short file."""

    def _get_file(self) -> Any:
        try:
            return super()._get_file()
        except (BotoCoreError, RetriesExceededError) as error:
            self._file = None
            raise FilesAway from error

    file = property(_get_file, S3File._set_file)


class BucketStorage(S3Storage):
    """The library's, with addresses of our own and reading from the middle of a file.

    Raises FilesAway where the server cannot be reached or lets nobody in. A server that did not
    answer is not asked again at once: each who waits for it would hold up the whole site.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._breaker = Breaker(FilesAway.RETRY_AFTER)

    @property
    def connection(self) -> Any:
        """The library's, one for each thread."""
        is_new = getattr(self._connections, "connection", None) is None
        connection = super().connection
        if is_new:
            events = connection.meta.client.meta.events
            events.register("before-call.s3", self._before_call)
            events.register("after-call.s3", self._after_answer)
            events.register("after-call-error.s3", self._after_silence)
        return connection

    def url(self, name: str, *_: Any, **__: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    def check(self) -> None:
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def look(self, name: str) -> StoredFile:
        stored = self._object(name)
        try:
            stored.load()
        except ClientError as error:  # not there, or too long a name to be asked for
            raise FileNotFoundError(name) from error
        return StoredFile(stored.content_length, stored.last_modified.timestamp())

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Asks at once, before an answer has begun that could no longer say what is wrong."""
        stored = self._object(name).get(Range=f"bytes={first}-{last}")
        return cast(Iterator[bytes], stored["Body"].iter_chunks(PIECE))

    def _object(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(clean_name(name)))

    def _open(self, name: str, mode: str = "rb") -> S3File:
        try:
            return BucketFile(self._normalize_name(clean_name(name)), mode, self)
        except ClientError as error:
            raise FileNotFoundError(name) from error

    def _save(self, name: str, content: Any) -> str:
        return cast(str, super(BucketStorage, self._for_writing)._save(name, content))

    @cached_property
    def _for_writing(self) -> "BucketStorage":
        """The same with more patience: what is silent all the time was found out by ``exists``."""
        patient = copy(self)
        patient.client_config = self.client_config.merge(Config(read_timeout=WRITING))
        return patient

    def _before_call(self, **_: Any) -> None:
        if not self._breaker.lets_through():
            raise FilesAway

    def _after_silence(self, exception: Exception, **_: Any) -> None:
        if isinstance(exception, BotoCoreError):
            self._breaker.fail()
            logger.warning("The bucket does not answer: %s", exception)
            raise FilesAway from exception

    def _after_answer(self, http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
        status = http_response.status_code
        if status >= 500:
            self._breaker.fail()
        else:
            self._breaker.succeed()
        code = parsed.get("Error", {}).get("Code")
        no_bucket = code == "NoSuchBucket" or (model.name == "HeadBucket" and status >= 300)
        if status >= 500 or status in NO_ENTRY or no_bucket:
            logger.warning("The bucket refuses: %s %s %s", model.name, status, code)
            raise FilesAway
        if model.name == "HeadObject" and status == 404:
            self.check()  # the answer does not tell whether the file or the bucket is missing
