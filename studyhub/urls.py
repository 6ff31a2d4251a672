"""Wiring: the one place that knows everybody."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from studyhub.api.api import api
from studyhub.api.cms import cms_api
from studyhub.api.errors import api_not_found
from studyhub.core.transactions import atomic_writes
from studyhub.web.desk import explains_refusals
from studyhub.web.private import ends_in_time

editor = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, atomic_writes)
editor = decorate_urlpatterns(editor, explains_refusals)

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api/v1/", api_not_found),
    path("api/cms/", cms_api.urls),
    path("cms/", include(decorate_urlpatterns(editor, ends_in_time))),
    path("", include("studyhub.web.urls")),
]
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("studyhub.sandbox.urls")))
urlpatterns.append(path("", include(wagtail_urls)))
