"""Below ``/api/`` everything that goes wrong is a problem document, whoever noticed it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from studyhub.api.errors import document

# What is answered before or beside our routes: Django's and ninja's own pages.
WORDS = {
    400: ("malformed", "请求里有无法识别的内容，请检查后再发。"),
    403: ("refused", "请求被拒绝，请刷新页面、重新登录后再试。"),
    404: ("not_found", "没有这个接口，请对照接口文档检查地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式，请对照接口文档（可用的见 Allow）。"),
    413: ("too_large", "一次传得太多，请分成几次再传。"),
    500: ("internal", "服务器出错了，您的内容没有丢，请稍后再试。"),
}


class ProblemDocuments:
    """Middleware around all others: what they or Django refuse is answered in the API's form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_of_the_api(request.path_info) and _is_a_page_of_an_error(response):
            _reword(response)
        return response


def _is_of_the_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _is_a_page_of_an_error(response: HttpResponse) -> bool:
    return response.status_code >= 400 and "json" not in response.get("Content-Type", "")


def _reword(response: HttpResponse) -> None:
    """Its other headers stay: ``Allow``, ``Retry-After``, cookies."""
    status = response.status_code
    code, detail = WORDS.get(status, ("http_error", "请求没有成功，请检查后再试。"))
    response.content = document(status, code, detail)
    response["Content-Type"] = "application/problem+json"
    response["Content-Length"] = str(len(response.content))
