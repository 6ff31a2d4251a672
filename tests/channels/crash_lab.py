"""A small world of its own for the crash tests: a database, the sandbox behind a real socket, and
workers that are real processes. Reads the name of a crash point per line, answers with JSON.

Started by ``test_crashes.py``; every worker is forked, so that one costs milliseconds.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django

django.setup()

from django.conf import settings  # noqa: E402  all of these need the set-up above
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402

from studyhub.channels import accounts, requests  # noqa: E402
from studyhub.channels.models import ChannelAccount, Delivery  # noqa: E402
from studyhub.channels.worker.run import run  # noqa: E402
from studyhub.sandbox.models import App, Article, Fault  # noqa: E402
from tests.channels.factories import DeliveryFactory  # noqa: E402
from tests.channels.world import make_image  # noqa: E402

PORT = int(sys.argv[1])


def lose_hint(delivery_id):
    """The broker is away."""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def in_child(run, **environment):
    """Run in a process of its own; returns its wait status."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ.update(environment)
        try:
            run()
        except BaseException:  # noqa: BLE001  whatever it is, the child must end here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def serve():
    connections.close_all()
    server = make_server("127.0.0.1", PORT, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.getppid() != 1:
        time.sleep(0.2)
    os._exit(0)


def new_delivery():
    account = ChannelAccount.objects.get()
    account.assets.all().delete()
    return DeliveryFactory(account=account, pictures=[PICTURE])


def carry(pk, state):
    """What the sweeper and living workers do, until it rests in the state or ten seconds are
    over."""
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        delivery = Delivery.objects.get(pk=pk)
        if delivery.state == state and not delivery.wish:
            return delivery
        in_child(lambda: run(pk))
        time.sleep(0.05)
    return Delivery.objects.get(pk=pk)


def crash(point):
    App.objects.all().delete()
    Fault.objects.all().delete()
    delivery = new_delivery()
    step, end = point.split("_")[0], "published"
    if step == "reconcile":
        Fault.objects.create(path="freepublish/submit", kind="accept_then_drop")
        in_child(lambda: run(delivery.pk))
    if step == "withdraw":
        requests.hint = lose_hint
        carry(delivery.pk, "published")
        requests.withdraw(delivery.pk)
        end = "removed"
    status = 0
    for _ in range(20):
        status = in_child(lambda: run(delivery.pk), STUDYHUB_CRASHPOINT=point)
        if os.WIFSIGNALED(status):
            break
        time.sleep(0.05)
    delivery = carry(delivery.pk, end)
    marker = f"p={delivery.marker}"
    articles = [a for a in Article.objects.all() if marker in a.first["content_source_url"]]
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "state": delivery.state,
        "articles": len(articles),
        "visible": sum(not a.is_deleted for a in articles),
    }


def prepare():
    call_command("migrate", verbosity=0)
    accounts.put_account("wechat", "wechat-main", {"app_id": "wx-lab", "app_secret": "s"})
    return make_image().pk


settings.CHANNEL_BASES["WECHAT_API_BASE"] = f"http://127.0.0.1:{PORT}/sandbox/wechat"
settings.CHANNELS |= {"RETRY_DELAYS": (0.05,), "BREAK_DELAYS": (0.0,)}
settings.CHANNELS |= {"LEASE": 0.3, "QUIET": 1.0, "POLL_DELAYS": (0.05,), "RETRY_FIRST": 0.05}
PICTURE = prepare()
# The emulated platform needs a moment, less than the quiet time.
App._meta.get_field("publish_delay").default = 0.2
connections.close_all()
server_pid = os.fork()
if server_pid == 0:
    serve()
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    try:
        answer = crash(line.strip())
    except Exception:  # noqa: BLE001  the test shows it
        traceback.print_exc()
        answer = {"error": traceback.format_exc()}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
os.kill(server_pid, signal.SIGKILL)
