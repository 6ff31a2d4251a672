"""Secrets as they are read aloud or written down."""


def in_fours(text: str) -> list[str]:
    return [text[start : start + 4] for start in range(0, len(text), 4)]
