"""What a person takes along to a platform where only people can post."""

from studyhub.channels import connections
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Mode, Package
from studyhub.core.errors import NotFound


def package_of(delivery: Delivery) -> Package:
    """The text and the steps for the person who posts it.

    Raises NotFound for a platform that is served by API.
    """
    if delivery.account.mode != Mode.MANUAL:
        raise NotFound("no_package", "这个渠道由接口发布，没有需要复制的文稿。")
    return connections.open_handover(delivery.account).pack(delivery.frozen_post)
