"""What is random in a page or a list: any few digits stand in it now and then."""

import re

_RANDOM = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<="at":)\d+')


def without_random(text: str) -> str:
    """Without ids and without moments."""
    return _RANDOM.sub("", text)
