"""The web process: the emulated platforms and our door for their calls, in bad weather.

``python -m tests.chaos.server PORT SEED``.
"""

import random
import sys
import threading
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402  needs the set-up above

LOST_ANSWERS, REFUSED = 0.2, 0.05
# What only looks is refused as often; whether its answer is lost on the way makes no difference.
LOOKS = ("get", "batchget", "count", "stable_token")
LOST_CALLS, THREE_TIMES, LATE = 0.3, 0.2, 0.2


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Weather:
    """Around the product: what is on the line between a platform and us."""

    def __init__(self, app, seed):
        self.app, self.dice = app, random.Random(seed)

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith("/hooks/"):
            return self._called(environ, start_response)
        if path.startswith("/sandbox/") and "control" not in path:
            return self._calling(environ, start_response)
        return self.app(environ, start_response)

    def _calling(self, environ, start_response):
        roll = self.dice.random()
        if roll < REFUSED and not environ["PATH_INFO"].endswith("/submit"):
            start_response("500 Broken", [("Content-Type", "text/html")])
            return [b"<h1>500</h1>"]
        name = environ["PATH_INFO"].rpartition("/")[2]
        if name in LOOKS or roll > REFUSED + LOST_ANSWERS:
            return self.app(environ, start_response)
        self._do(environ)
        start_response("200 OK", [("Content-Length", "1000")])
        return [b'{"errc']

    def _called(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        roll = self.dice.random()
        times = 0 if roll < LOST_CALLS else 3 if roll < LOST_CALLS + THREE_TIMES else 1
        wait = self.dice.random() * 5 if self.dice.random() < LATE else 0.0
        threading.Thread(target=self._later, args=(environ, body, times, wait)).start()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"success"]

    def _later(self, environ, body, times, wait):
        time.sleep(wait)
        for _ in range(times):
            self._do(environ, body)

    def _do(self, environ, body=None):
        """The work without its answer."""
        from io import BytesIO

        if body is not None:
            environ = {**environ, "wsgi.input": BytesIO(body)}
        answer = self.app(environ, lambda status, headers, *rest: None)
        for _ in answer:
            pass
        answer.close()


if __name__ == "__main__":
    port, seed = int(sys.argv[1]), int(sys.argv[2])
    app = Weather(get_wsgi_application(), seed)
    make_server("127.0.0.1", port, app, Threads, Quiet).serve_forever()
