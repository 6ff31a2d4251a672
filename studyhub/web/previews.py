"""The draft as the elder view shows it: the page itself, whatever the editor's own choice is."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from content.previews import add_preview


@add_preview("elder", "长辈版", 10)
def preview_elder(request: HttpRequest, page: Any) -> HttpResponse:
    """The attributes of ``components/appearance_script.html``, said by the server."""
    answer: Any = page.preview_as_page(request)
    answer.render()
    chosen = b'<html data-elder="1" data-size="22"'
    answer.content = answer.content.replace(b"<html", chosen, 1)
    return answer
