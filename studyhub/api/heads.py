"""HEAD is answered as GET is; the server leaves the body out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from studyhub.api.problems import is_of_the_api


class AnswersHead:
    """Middleware: caches and download managers ask with HEAD what ninja's routes answer to GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD" or not is_of_the_api(request.path_info):
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        return response
