"""Accounts on outside platforms and what is sent there."""

from studyhub.channels.models.accounts import ChannelAccount, ChannelAsset, ChannelPick
from studyhub.channels.models.attempts import DeliveryAttempt
from studyhub.channels.models.corrections import CorrectionAnswer
from studyhub.channels.models.counts import DeliveryCount
from studyhub.channels.models.deliveries import Delivery
from studyhub.channels.models.inbox import InboxMessage

__all__ = [
    "ChannelAccount",
    "ChannelAsset",
    "ChannelPick",
    "CorrectionAnswer",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryCount",
    "InboxMessage",
]
