"""What was read of a file, kept between its preview and its draft."""

import json
from base64 import b64decode, b64encode
from typing import Any

from content.models import CoursePage, LessonPage, WordUpload
from content.word_files.converted import Converted
from content.word_files.imported import ImportedText, read_converted
from studyhub.core.characters import one_line

LONGEST_NAME = 120


def keep_upload(
    converted: Converted, name: str, course: CoursePage, lesson: LessonPage | None, by: Any
) -> WordUpload:
    """For a day at most. Raises Invalid for what holds neither words nor pictures."""
    WordUpload.forget_old()
    name = one_line(name)[-LONGEST_NAME:]
    kept = converted.as_json() | {"is_pasted": converted.is_pasted}
    kept = json.loads(json.dumps(kept))  # reading notes its own losses on what it is given
    pictures = read_converted(converted, name).pictures
    kept["pictures"] = [b64encode(data or b"").decode() for data in pictures]
    data = json.dumps(kept).encode()
    return WordUpload.objects.create(name=name, data=data, course=course, lesson=lesson, by=by)


def text_of(upload: WordUpload) -> ImportedText:
    kept = json.loads(bytes(upload.data))
    pictures = [b64decode(data) or None for data in kept["pictures"]]
    converted = Converted.from_json(kept, [])
    converted.is_pasted = kept["is_pasted"]
    return read_converted(converted, upload.name, pictures)
