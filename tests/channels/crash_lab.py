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
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import httpx  # noqa: F401  once for all children

django.setup()

from django.conf import settings  # noqa: E402  all of these need the set-up above
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402

from studyhub.channels import accounts, authorising, requests  # noqa: E402
from studyhub.channels.adapters.kuaishou import channel as kuaishou  # noqa: E402
from studyhub.channels.models import ChannelAccount, Delivery  # noqa: E402
from studyhub.channels.ports import Grant, Token  # noqa: E402
from studyhub.channels.worker.run import run  # noqa: E402
from studyhub.sandbox import films  # noqa: E402
from studyhub.sandbox.film_models import FilmGrant, FilmPost, FilmUpload  # noqa: E402
from studyhub.sandbox.models import App, Article, Fault  # noqa: E402
from tests.channels import film_world  # noqa: E402
from tests.channels.factories import DeliveryFactory  # noqa: E402
from tests.channels.world import make_image  # noqa: E402

PORT = int(sys.argv[1])
DAY = timedelta(days=1)


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
    account = ChannelAccount.objects.get(key="wechat-main")
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
    settings.CHANNELS["LEASE"] = 0.3
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
    status = die_at(point, delivery)
    delivery = carry(delivery.pk, end)
    marker = f"p={delivery.marker}"
    articles = [a for a in Article.objects.all() if marker in a.first["content_source_url"]]
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "state": delivery.state,
        "articles": len(articles),
        "visible": sum(not a.is_deleted for a in articles),
    }


def film_crash(point):
    """The same with a film, on its way to a platform of films."""
    settings.CHANNELS["LEASE"] = 1.0  # parts are only noted while it lasts
    FilmPost.objects.all().delete()
    FilmUpload.objects.all().delete()
    Fault.objects.all().delete()
    delivery = film_world.a_film_delivery(ChannelAccount.objects.get(key="ks"))
    step, end = point.split("_")[0], "published"
    if step == "reconcile":
        Fault.objects.create(path="kuaishou/openapi/photo/publish", kind="accept_then_drop")
        in_child(lambda: run(delivery.pk))
    if step == "withdraw":
        requests.hint = lose_hint
        carry(delivery.pk, "published")
        requests.withdraw(delivery.pk)
        end = "removed"
    status = die_at(point, delivery)
    delivery = carry(delivery.pk, end)
    posts = FilmPost.objects.filter(caption__contains=delivery.marker)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "state": delivery.state,
        "articles": posts.count(),
        "visible": posts.filter(deleted=False).count(),
    }


def die_at(point, delivery):
    """Let workers take it until one dies there; its wait status."""
    status = 0
    for _ in range(20):
        status = in_child(lambda: run(delivery.pk), STUDYHUB_CRASHPOINT=point)
        if os.WIFSIGNALED(status):
            break
        time.sleep(0.05)
    return status


def prepare():
    call_command("migrate", verbosity=0)
    accounts.put_account("wechat", "wechat-main", {"app_id": "wx-lab", "app_secret": "s"})
    settings.PUBLIC_URL = f"http://127.0.0.1:{PORT}"
    kuaishou.PART = 1024
    film_world.keep_film(film_world.MP4 + bytes(1500))  # two parts
    app = film_world.platform_app(review_delay=0.2)
    given = films.renew(
        FilmGrant.objects.create(app=app, open_id="me", scopes=film_world.SCOPES), DAY, DAY
    )
    token = Token(given.access, 86400, Grant(given.refresh, 86400, "me"))
    authorising.keep_grant(film_world.an_account(), token)
    return make_image().pk


settings.CHANNEL_BASES["WECHAT_API_BASE"] = f"http://127.0.0.1:{PORT}/sandbox/wechat"
settings.CHANNEL_BASES["KUAISHOU_API_BASE"] = f"http://127.0.0.1:{PORT}/sandbox/kuaishou"
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
        kind, _, point = line.strip().rpartition(" ")
        answer = film_crash(point) if kind else crash(point)
    except Exception:  # noqa: BLE001  the test shows it
        traceback.print_exc()
        answer = {"error": traceback.format_exc()}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
os.kill(server_pid, signal.SIGKILL)
