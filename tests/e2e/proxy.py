"""A real proxy between phone and product: it cuts what the browser's own offline switch does not.

``mode`` says what happens to every request that arrives:

* ``up``      goes through
* ``down``    the connection is cut before an answer
* ``lost``    the product answers, the phone never hears it
* ``portal``  a hotel's sign-in page, with status 200, for everything
* an integer  that status instead of an answer

``rewrite`` maps a path to a function from the answer's bytes to other bytes. ``prelude`` is put in
front of every script of our pages, for browsers that cannot be told to run something first.
``only`` limits the mode to paths that hold this text; all else goes through. ``delay`` seconds pass
before each answer, ``speed`` bytes a second flow after.
"""

import http.client
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PORTAL = "<!doctype html><title>上网认证</title><p>请先登录热点".encode()
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class Network(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.home = upstream
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.reset()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def reset(self):
        self.mode, self.only, self.delay, self.speed = "up", "", 0.0, 0
        self.rewrite = {}
        self.prelude = ""
        self.upstream = self.home
        self.seen: list[tuple[str, str]] = []
        self.sent_bytes = 0

    def handle_error(self, request, client_address):
        """A phone that hangs up is nothing to talk about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Network

    def do_any(self):
        network = self.server
        network.seen.append((self.command, self.path))
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        mode = network.mode if network.only in self.path else "up"
        time.sleep(network.delay)
        if mode == "down":
            self._cut()
        elif mode == "portal":
            self._answer(200, [("Content-Type", "text/html; charset=utf-8")], PORTAL)
        elif isinstance(mode, int):
            self._answer(mode, [("Retry-After", "1")] if mode in (429, 503) else [], b"{}")
        else:
            answer = self._forward(body)
            if mode == "lost":
                self._cut()
            else:
                self._answer(*answer)

    def __getattr__(self, name):
        """The library asks for ``do_GET`` and its like."""
        if name.startswith("do_"):
            return self.do_any
        raise AttributeError(name)

    def _forward(self, body):
        upstream = urlsplit(self.server.upstream)
        wire = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=60)
        dropped = HOP - {"host"}
        change = self.server.rewrite.get(self.path)
        if self.server.prelude and self.path.endswith(".js") and "/static/" in self.path:
            change = self._with_prelude
        if change:  # what is rewritten must be sent, not called unchanged
            dropped = dropped | {"if-none-match", "accept-encoding"}
        headers = {k: v for k, v in self.headers.items() if k.lower() not in dropped}
        wire.request(self.command, self.path, body, headers)
        answer = wire.getresponse()
        data = answer.read()
        if change:
            data = change(data)
        wire.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in HOP]
        return answer.status, kept, data

    def _with_prelude(self, data):
        once = "if (!globalThis.prelude) { globalThis.prelude = 1; %s }\n"
        return (once % self.server.prelude).encode() + data

    def _answer(self, status, headers, data):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.server.sent_bytes += len(data) + 300
        if self.command == "HEAD" or status in (204, 304):
            return
        step = max(1, self.server.speed // 10) if self.server.speed else len(data) or 1
        for start in range(0, len(data), step):
            self.wfile.write(data[start : start + step])
            self.wfile.flush()
            if self.server.speed:
                time.sleep(0.1)

    def _cut(self):
        """Reset, not a polite end: the phone must not take it for an empty answer."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def log_message(self, format, *args):
        pass
