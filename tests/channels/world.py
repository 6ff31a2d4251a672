"""What a test of channels does again and again: ask, carry, break something, draw a picture.

The platform is the real sandbox, reached through WSGI instead of a socket.
"""

import io
from uuid import uuid4

import httpx
from django.core.files.images import ImageFile
from django.core.wsgi import get_wsgi_application
from PIL import Image as PillowImage
from wagtail.images import get_image_model

from studyhub.channels import connections, requests
from studyhub.channels.worker.run import run
from studyhub.sandbox.models import App, Fault
from tests.channels.factories import APP_ID, APP_SECRET

SANDBOX = "http://testserver/sandbox"
BASE = f"{SANDBOX}/wechat"
NO_WAITING = {
    "LEASE": 60.0,
    "QUIET": 0.0,
    "POLL_DELAYS": (0.0,),
    "WATCH_DELAYS": (0.0,),
    "RETRY_FIRST": 0.0,
    "RETRY_DELAYS": (0.0,),
    "BREAK_DELAYS": (0.0,),
    "TURN_WAIT": 0.0,
    "TOKEN_WAIT": 2.0,
}


def stop_waiting(settings):
    """Every wait is over at once unless a test says otherwise."""
    settings.CHANNELS = {**settings.CHANNELS, **NO_WAITING}


def reach_sandbox(settings, monkeypatch):
    """WeChat is our sandbox, in this process."""
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "WECHAT_API_BASE": BASE}
    transport = httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True)
    monkeypatch.setattr(connections, "make_transport", lambda: transport)


def reach_robots(settings):
    """The groups of every robot are our sandbox, too."""
    ours = {
        "WECOM_API_BASE": f"{SANDBOX}/wecom",
        "FEISHU_API_BASE": f"{SANDBOX}/feishu",
        "DINGTALK_API_BASE": f"{SANDBOX}/dingtalk",
    }
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, **ours}


def platform_account():
    """Our WeChat account as the platform sees it; it publishes at once."""
    return App.objects.create(
        app_id=APP_ID, secret=APP_SECRET, capabilities=list(App.CAPABILITIES), publish_delay=0
    )


def ask(lesson, action="publish", account="wechat-main", **values):
    """A person asks for a delivery of the lesson."""
    delivery, _ = requests.request_delivery(
        lesson_key=lesson.translation_key, account_key=account, action=action, **values
    )
    return delivery


def carry(delivery, times=6):
    """What the worker and the sweeper do until nothing is left to do."""
    for _ in range(times):
        run(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def fault(path, kind, **values):
    """The platform's next call to the path goes wrong."""
    Fault.objects.create(path=path, kind=kind, **values)


def make_image(title="延安", colour="#8a5a2b"):
    """A picture in the library."""
    file = io.BytesIO()
    PillowImage.new("RGB", (600, 300), colour).save(file, "PNG")
    file.seek(0)
    return get_image_model().objects.create(title=title, file=ImageFile(file, f"{uuid4().hex}.png"))


def lesson_body(image=None):
    """The body of a lesson, with one picture if one is given."""
    body = [
        ("section", {"heading": "出发", "text": "<p>1934年10月，<b>中央红军</b>出发。</p>"}),
        ("quotation", {"text": "红军不怕远征难", "speaker": "毛泽东", "source": "《七律·长征》"}),
        ("sources", {"items": [{"title": "中国共产党简史", "publisher": "人民出版社"}]}),
    ]
    if image:
        picture = {
            "image": image,
            "alt": "窑洞",
            "caption": "延安窑洞",
            "source": "本站制作",
            "licence": "CC BY",
        }
        body.insert(1, ("picture", picture))
    return body
