"""Documents that editors keep at the desk. No page shows one, so they are for the desk alone."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model

from studyhub.people.access import works_on_content
from studyhub.web.signed_in import PERSONAL


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> FileResponse:
    """As a download; whoever may not enter the desk, or names another file, finds nothing."""
    if not works_on_content(request.user):
        raise Http404
    found = get_object_or_404(get_document_model(), pk=document_id)
    if found.filename != document_filename:
        raise Http404
    try:
        answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.filename)
    except OSError:
        raise Http404 from None
    answer["Cache-Control"] = PERSONAL
    return answer
