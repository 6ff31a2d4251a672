"""The content API: Wagtail's own, with the product's refusals in its form of errors."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.api.v3.urls import api

from studyhub.api.errors import problem_of
from studyhub.core.errors import StudyhubError


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """A rule of ours broken through Wagtail's API."""
    return problem_of(error)


api.add_exception_handler(StudyhubError, refuse)
cms_api = api
