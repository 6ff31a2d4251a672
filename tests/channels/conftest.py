"""People, lessons and a platform for the tests of channels. The platform is the real sandbox,
reached through WSGI instead of a socket."""

import io
from uuid import uuid4

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from django.core.wsgi import get_wsgi_application
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from content.models import CourseIndexPage, CoursePage, HomePage, LessonPage
from studyhub.channels import accounts, registry
from studyhub.sandbox.models import App

BASE = "http://testserver/sandbox/wechat"
APP_ID, APP_SECRET = "wx-test", "not-a-real-secret"


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    """Every wait is over at once unless a test says otherwise."""
    settings.CHANNELS = {
        **settings.CHANNELS,
        "LEASE": 60.0,
        "QUIET": 0.0,
        "LOOK_DELAYS": (0.0,),
        "RETRY_FIRST": 0.0,
        "RETRY_MAX": 0.0,
        "TURN_WAIT": 0.0,
        "TOKEN_WAIT": 2.0,
    }
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "WECHAT_API_BASE": BASE}


@pytest.fixture(autouse=True)
def _sandbox_instead_of_network(monkeypatch, one_connection):
    transport = httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True)
    monkeypatch.setattr(registry, "make_transport", lambda: transport)


@pytest.fixture
def wechat(db):
    """Our WeChat account."""
    return accounts.put_account(
        "wechat", "wechat-main", {"app_id": APP_ID, "app_secret": APP_SECRET, "name": "公众号"}
    )


@pytest.fixture
def toutiao(db):
    return accounts.put_account("toutiao", "toutiao", {})


@pytest.fixture
def platform(db):
    """The same account as the platform sees it; it publishes at once."""
    return App.objects.create(
        app_id=APP_ID,
        secret=APP_SECRET,
        capabilities=list(App.CAPABILITIES),
        publish_delay=0,
    )


@pytest.fixture
def publisher(db):
    """May send to channels."""
    user = get_user_model().objects.create_user(username="publisher", password="x" * 12)
    group, _ = Group.objects.get_or_create(name="publisher")
    group.permissions.add(
        Permission.objects.get(codename="send_delivery"),
        Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"),
    )
    user.groups.add(group)
    return user


def make_image(title="延安", colour="#8a5a2b"):
    file = io.BytesIO()
    PillowImage.new("RGB", (600, 300), colour).save(file, "PNG")
    file.seek(0)
    return get_image_model().objects.create(title=title, file=ImageFile(file, f"{uuid4().hex}.png"))


@pytest.fixture
def course(db):
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="指尖课堂", slug="home-test"))
    Site.objects.filter(is_default_site=True).update(root_page=home)
    Site.clear_site_root_paths_cache()
    index = home.add_child(instance=CourseIndexPage(title="课程", slug="courses"))
    return index.add_child(instance=CoursePage(title="长征", slug="long-march"))


def lesson_body(image=None):
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


@pytest.fixture
def make_lesson(course):
    def make(title="长征出发", body=None, **values):
        page = course.add_child(
            instance=LessonPage(
                title=title, slug=uuid4().hex[:8], summary="红军为什么出发", live=False, **values
            )
        )
        page.body = body or lesson_body()
        page.save_revision().publish()
        return LessonPage.objects.get(pk=page.pk)

    return make


@pytest.fixture
def lesson(make_lesson):
    return make_lesson()
