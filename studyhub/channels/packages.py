"""What a person takes along to a platform where only people can post."""

from studyhub.channels import registry
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Package
from studyhub.core.errors import NotFound


def package_of(delivery: Delivery) -> Package:
    """Raises NotFound for a platform that is served by API."""
    if delivery.account.mode != ChannelAccount.Mode.MANUAL:
        raise NotFound("no_package", "这个渠道由接口发布，没有需要复制的文稿。")
    return registry.open_handover(delivery.account).pack(delivery.frozen_post)
