"""Where a message may go: to the internet by HTTPS, or to a host that the operator has named.

An editor's address must lead nowhere inside the house (server-side request forgery): the name is
looked up once, every address it has is judged, and the connection goes to that address.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from studyhub.core.errors import Invalid

Address = IPv4Address | IPv6Address
# Addresses of IPv6 that stand for one of IPv4, which then is not judged.
_TRANSLATED = [ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16")]


class NotAllowed(Invalid):
    """The address may not be called; the words say why and what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__("address_not_allowed", detail)


def checked(url: str, inner: frozenset[str]) -> SplitResult:
    """The address in parts; raises NotAllowed. ``inner`` are hosts that the operator has named.

    Nothing is looked up: for forms.
    """
    parts = _parts(url)
    if (parts.hostname or "") in inner:
        return parts
    if parts.scheme != "https" or (parts.port or 443) != 443:
        raise NotAllowed("外网的地址要以 https:// 开头，用 443 端口。")
    if (literal := _literal(parts.hostname or "")) and not is_public(literal):
        raise NotAllowed(_INSIDE)
    return parts


_INSIDE = (
    "这个地址在内网里。确实要通知内网的系统，"
    "请管理员在服务器设置 STUDYHUB_WEBHOOK_HOSTS 里写上它的主机名。"
)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(sign <= " " or sign == "\\" for sign in url):
        raise NotAllowed("这不是一个完整的网址，应该像 https://oa.example.org/hook。")
    if parts.username or parts.password:
        raise NotAllowed("网址里不要写用户名和密码，收到的人核对签名就知道是我们发的。")
    return parts


def reach(parts: SplitResult, inner: frozenset[str]) -> str:
    """The one numeric address to connect to. Raises NotAllowed, or OSError where there is none."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if host not in inner and not all(map(is_public, addresses)):
        raise NotAllowed(_INSIDE)
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether it is one host of the internet, and says so itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.teredo or any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
