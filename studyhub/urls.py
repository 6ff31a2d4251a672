"""Wiring: the one place that knows everybody."""

from functools import partial

from django.conf import settings
from django.http import Http404
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from content.page_locks import one_at_a_time
from studyhub.api.api import api
from studyhub.api.cms import cms_api
from studyhub.api.docs import PlainDocs, describe_once
from studyhub.api.errors import api_not_found
from studyhub.core.transactions import atomic_writes
from studyhub.web.desk import explains_refusals, opens_by_right, speaks_chinese

editor = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, one_at_a_time)
editor = decorate_urlpatterns(editor, atomic_writes)
editor = decorate_urlpatterns(editor, explains_refusals)
editor = decorate_urlpatterns(editor, speaks_chinese)
editor = decorate_urlpatterns(editor, opens_by_right)

cms_api.docs = PlainDocs()  # Wagtail's own page runs scripts from elsewhere
describe_once(api)
describe_once(cms_api)

# Wagtail's own pages to sign in: ours says how long to wait, these would not.
sign_in = never_cache(RedirectView.as_view(url="/login/", query_string=True))
# Wagtail's own page of tokens knows no scopes, and asks for no code.
own_tokens = never_cache(RedirectView.as_view(url="/me/tokens/"))
# A report for those who write page types; it names them as the code does.
no_page = never_cache(partial(page_not_found, exception=Http404()))

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/cms/", cms_api.urls),
    path("api", api_not_found),
    re_path(r"^api/(?!cms/)", api_not_found),
    path("cms/login/", sign_in),
    re_path(r"^cms/reports/page-types-usage/", no_page),
    re_path(r"^cms/api-tokens/", own_tokens),
    path("cms/", include(editor)),
    path("", include("studyhub.web.urls")),
]
urlpatterns.append(path("_util/login/", sign_in))
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("studyhub.sandbox.urls")))
urlpatterns.append(path("", include(wagtail_urls)))
