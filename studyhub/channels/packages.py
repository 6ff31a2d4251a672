"""What a person takes along to a platform where only people can post."""

import io
import zipfile
from collections.abc import Iterator

from studyhub.channels import connections, rendering
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Mode, Package
from studyhub.core.errors import NotFound

LATEST_STAMP = (2020, 1, 1, 0, 0, 0)  # the same package is the same file


def package_of(delivery: Delivery) -> Package:
    """The text and the steps for the person who posts it.

    Raises NotFound for a platform that is served by API.
    """
    if delivery.account.mode != Mode.MANUAL:
        raise NotFound("no_package", "这个渠道由接口发布，没有需要复制的文稿。")
    return connections.open_handover(delivery.account).pack(delivery.frozen_post)


def zipped(delivery: Delivery) -> bytes:
    """The same as files: a text for each part, the way, and the pictures in their order.

    A picture that is no longer in the library is named in the way instead.
    """
    package, held = package_of(delivery), io.BytesIO()
    missing: list[int] = []
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as folder:
        for number, words in enumerate(package.words, start=1):
            _put(folder, f"{number:02}-{words.label}.txt", words.text.encode())
        for name, data in _pictures(delivery, missing):
            _put(folder, name, data)
        _put(folder, "00-怎么发.txt", _way(package, len(missing)).encode())
    return held.getvalue()


def _pictures(delivery: Delivery, missing: list[int]) -> Iterator[tuple[str, bytes]]:
    post = delivery.frozen_post
    wanted = [image_id for image_id in (post.cover, *post.pictures) if image_id]
    for number, image_id in enumerate(dict.fromkeys(wanted), start=1):
        try:
            picture = rendering.load_picture(image_id)
        except LookupError:
            missing.append(image_id)
            continue
        yield f"图片{number:02}{'-封面' if image_id == post.cover else ''}.jpg", picture.data


def _way(package: Package, missing: int) -> str:
    lines = [f"{number}. {step}" for number, step in enumerate(package.steps, start=1)]
    lines += ["", "发出以前看一遍：", *(f"□ {check}" for check in package.checks)]
    lines += [f"有 {missing} 张图片已经不在图库里，没有带上。"] if missing else []
    return "\r\n".join(lines)


def _put(folder: zipfile.ZipFile, name: str, data: bytes) -> None:
    told = zipfile.ZipInfo(name.replace("/", "-"), LATEST_STAMP)
    folder.writestr(told, data, zipfile.ZIP_DEFLATED)
