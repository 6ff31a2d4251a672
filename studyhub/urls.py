"""Wiring: the one place that knows everybody."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from content.page_locks import one_at_a_time
from studyhub.api.api import api
from studyhub.api.cms import cms_api
from studyhub.api.docs import PlainDocs
from studyhub.api.errors import api_not_found
from studyhub.core.transactions import atomic_writes
from studyhub.web.desk import explains_refusals

editor = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, one_at_a_time)
editor = decorate_urlpatterns(editor, atomic_writes)
editor = decorate_urlpatterns(editor, explains_refusals)

cms_api.docs = PlainDocs()  # Wagtail's own page runs scripts from elsewhere

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/cms/", cms_api.urls),
    path("api", api_not_found),
    re_path(r"^api/(?!cms/)", api_not_found),
    path("cms/", include(editor)),
    path("", include("studyhub.web.urls")),
]
# Wagtail's own page to sign in to a closed page: ours says how long to wait, this one would not.
urlpatterns.append(path("_util/login/", RedirectView.as_view(url="/login/", query_string=True)))
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("studyhub.sandbox.urls")))
urlpatterns.append(path("", include(wagtail_urls)))
