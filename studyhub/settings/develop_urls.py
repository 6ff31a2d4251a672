"""The product's addresses, and those of the tools of its developers."""

from debug_toolbar.toolbar import debug_toolbar_urls
from django.urls import include, path

from studyhub.urls import urlpatterns as own

urlpatterns = [
    *debug_toolbar_urls(),
    path("__reload__/", include("django_browser_reload.urls")),
    *own,
]
