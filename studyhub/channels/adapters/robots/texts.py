"""What stands in front of a title in a group, and how a call is signed."""

import base64
import hashlib
import hmac


def headline(title: str) -> str:
    """The word in front lets a robot pass whose group asks for the keyword 学习."""
    return f"【学习】{title}"


def sign(key: str, text: str) -> str:
    """Base64 of HMAC-SHA256."""
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
