"""The line to a platform: time-outs, what a broken line means, no answer of the sandbox in live.

Plain Python, for every adapter that calls by HTTP.
"""

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studyhub.channels.errors import AccountStopped, ChannelUnavailable, ChannelUncertain
from studyhub.channels.ports import Base, Kit

if TYPE_CHECKING:
    import httpx

# Platforms want their keys in the address, and these two write whole addresses to the log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT, READ = 3.0, 10.0
SANDBOX_MARK = "X-Studyhub-Sandbox"
Answer = dict[str, Any]
Lost = type[ChannelUncertain | ChannelUnavailable]


@dataclass(frozen=True)
class Line:
    """The way to one platform; ``name`` is what people call it in Chinese."""

    kit: Kit
    name: str
    base: Base

    def post(self, path: str, *, lost: Lost, read: float = READ, **request: Any) -> Answer:
        """The JSON object that the platform answers.

        Raises ChannelUnavailable when nothing can have happened, ``lost`` when nobody knows.
        """
        return self.call("POST", self.kit.base + path, lost=lost, read=read, **request)

    def get(self, path: str, **request: Any) -> Answer:
        """The same for a question: without an answer nothing was said."""
        return self.call("GET", self.kit.base + path, lost=ChannelUnavailable, **request)

    def call(
        self, method: str, url: str, *, lost: Lost, read: float = READ, **request: Any
    ) -> Answer:
        """The same at any address: some platforms name the host that takes a file."""
        import httpx  # only workers call; web processes need the words of an adapter

        try:
            response = self._send(method, url, read, request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            code = type(error).__name__
            raise ChannelUnavailable(f"连不上{self.name}服务器。", code=code) from None
        except httpx.HTTPError as error:
            raise lost(f"没有收到{self.name}的答复。", code=type(error).__name__) from None
        self._refuse_masquerade(response)
        if response.status_code >= 300:
            raise lost(f"{self.name}服务器出错。", code=f"HTTP {response.status_code}")
        return self._read(response.content, lost)

    def _send(
        self, method: str, url: str, read: float, request: dict[str, Any]
    ) -> "httpx.Response":
        import httpx

        timeout = httpx.Timeout(read, connect=CONNECT)
        with httpx.Client(transport=self.kit.transport, timeout=timeout, trust_env=False) as client:
            return client.request(method, url, **request)

    def _refuse_masquerade(self, response: "httpx.Response") -> None:
        """An answer of the sandbox must never count as the platform's."""
        if SANDBOX_MARK in response.headers and not self.kit.sandbox:
            raise AccountStopped(
                f"{self.name}接口地址指向了渠道沙箱。",
                code="sandbox_answer",
                action=f"请检查环境变量 {self.base.variable}。",
            )

    def _read(self, content: bytes, lost: Lost) -> Answer:
        try:
            answer = json.loads(content.decode())
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise lost(f"读不懂{self.name}的答复。", code="unreadable")
        return answer


def as_json(body: Answer) -> dict[str, Any]:
    """Said to be JSON, in raw UTF-8: some platforms show ``\\u`` escapes as they are."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return {"content": text, "headers": {"Content-Type": "application/json; charset=utf-8"}}


def errcode(answer: Answer, name: str = "errcode") -> int:
    """The platform's number; sometimes a string, and where it is absent all went well."""
    try:
        return int(answer.get(name) or 0)
    except (TypeError, ValueError):
        return -1
