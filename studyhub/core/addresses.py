"""Where a request came from, as far as it can be believed."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address; behind ``TRUSTED_PROXIES`` proxies the one that the outermost wrote.

    Each proxy adds to ``X-Forwarded-For`` whom it was asked by, so we count from the end: what
    stands further left anybody may have written.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    claimed = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return claimed if _is_address(claimed) else direct


def client_network(request: HttpRequest) -> str:
    """What one household or phone has to itself: an IPv4 address, 64 bits of an IPv6 address."""
    address = client_address(request)
    if not _is_address(address):
        return address
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or f"{IPv6Address(int(parsed) >> 64 << 64)}/64")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
