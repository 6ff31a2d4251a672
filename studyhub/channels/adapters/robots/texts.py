"""What is said in a group, cut to what the platform takes; and how a call is signed."""

import base64
import hashlib
import hmac


def headline(title: str) -> str:
    """The word in front lets a robot pass whose group asks for the keyword 学习."""
    return f"【学习】{title}"


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, between characters; what was cut ends with …"""
    data = text.encode()
    if len(data) <= most:
        return text
    return data[: most - len("…".encode())].decode(errors="ignore") + "…"


def cut(text: str, most: int) -> str:
    """At most so many characters; what was cut ends with …"""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def sign(key: str, text: str) -> str:
    """Base64 of HMAC-SHA256."""
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
