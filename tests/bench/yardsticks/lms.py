"""wagtail-lms with one lesson: our text, our questions as paragraphs. Runs in its own environment.

As a module: the application. As a program: make its database and print what it takes to visit the
lesson, as JSON. Its self-checks are H5P packages with scripts of their own, which are left out: the
page is smaller for it, and faster. ``YARDSTICK_VAR`` is the folder with ``lesson.json``.
"""

import json
import os
from html import escape
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

VAR = Path(os.environ["YARDSTICK_VAR"])

settings.configure(
    SECRET_KEY="measured on loopback only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    LANGUAGE_CODE="zh-hans",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "lms.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=WAL"},
        }
    },
    INSTALLED_APPS=[
        "wagtail_lms",
        "wagtail.contrib.forms",
        "wagtail.contrib.redirects",
        "wagtail.embeds",
        "wagtail.sites",
        "wagtail.users",
        "wagtail.snippets",
        "wagtail.documents",
        "wagtail.images",
        "wagtail.search",
        "wagtail.admin",
        "wagtail",
        "modelcluster",
        "taggit",
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    STATIC_URL="/static/",
    STATIC_ROOT=VAR / "static",
    MEDIA_ROOT=VAR / "media",
    STORAGES={
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    },
    WAGTAIL_SITE_NAME="yardstick",
    WAGTAILADMIN_BASE_URL="http://127.0.0.1",
)

urlpatterns: list[Any] = []  # once the applications are loaded


def load_urls() -> None:
    from wagtail import urls as wagtail_urls
    from wagtail.admin import urls as admin_urls

    urlpatterns.extend(
        [
            path("cms/", include(admin_urls)),
            path("lms/", include("wagtail_lms.urls")),
            path("", include(wagtail_urls)),
        ]
    )


def fill() -> dict[str, Any]:
    """Migrate, put the lesson in, enrol one person, sign them in."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from wagtail.models import Page
    from wagtail_lms.models import CourseEnrollment, CoursePage, H5PLessonPage

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    lesson = json.loads((VAR / "lesson.json").read_text("utf-8"))
    course = CoursePage(title="课程", slug="course")
    Page.objects.get(slug="home").add_child(instance=course)
    page = H5PLessonPage(title=lesson["title"], slug="lesson", intro=f"<p>{lesson['summary']}</p>")
    page.body = [("paragraph", text) for text in paragraphs_of(lesson)]
    course.add_child(instance=page)
    somebody = get_user_model().objects.create_user("learner")
    CourseEnrollment.objects.create(user=somebody, course=course)
    visitor = Client(SERVER_NAME="127.0.0.1")
    visitor.force_login(somebody)
    assert visitor.get(page.url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        visitor.get(page.url)
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    return {"path": page.url, "session": session, "queries": len(asked)}


def paragraphs_of(lesson: dict[str, Any]) -> list[Any]:
    from wagtail.rich_text import RichText

    told = [f"<h2>{escape(s['title'])}</h2>{s['text_html']}" for s in lesson["sections"]]
    for question in (lesson["quiz"] or {"questions": []})["questions"]:
        options = "".join(f"<li>{escape(x['text'])}</li>" for x in question["options"])
        told.append(f"<p>{escape(question['stem'])}</p><ul>{options}</ul>")
    told += [f"<p>{escape(s['title'])}，{escape(s['publisher'])}</p>" for s in lesson["sources"]]
    return [RichText(text) for text in told]


if __name__ == "__main__":
    django.setup()
    load_urls()
    print("LMS", json.dumps(fill()))
else:
    application = get_wsgi_application()
    load_urls()
