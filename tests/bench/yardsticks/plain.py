"""A plain Django application: one view, one template, one lesson; no database.

``YARDSTICK_VAR`` names the folder with ``lesson.json``, a lesson as our API tells it.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

VAR = Path(os.environ["YARDSTICK_VAR"])
LESSON = json.loads((VAR / "lesson.json").read_text("utf-8"))

settings.configure(
    SECRET_KEY="measured on loopback only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
)


def show_lesson(request: HttpRequest) -> HttpResponse:
    return render(request, "plain_lesson.html", {"lesson": LESSON})


urlpatterns = [path("lesson/", show_lesson)]
application = get_wsgi_application()
