"""One spelling for what people type in many: ``Ｍember０１``, ``MEMBER01`` and ``member01``."""

from unicodedata import normalize


def fold(text: str) -> str:
    """Full-width signs as plain ones (NFKC), no difference of case, no space at the ends.

    Twice, because folding the case of some letters leaves a form that NFKC writes otherwise.
    """
    once = normalize("NFKC", normalize("NFKC", text).casefold())
    return normalize("NFKC", once.casefold()).strip()
