"""校对 at the desk: the list of finds by block, in the editor and as a page; and 忽略."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.panels import Panel
from wagtail.models import Page

from content.desk_panels import editor_of
from content.models import ProofRule
from content.proof_reading import PROOFREAD, dismiss, finds_of
from content.proofs.values import Find

Group = dict[str, Any]


class ProofPanel(Panel):
    """校对 below the body: the finds of the draft as it was saved last."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/proof_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "page_id": self.instance.pk, **_told(self.instance)}


def _told(page: Any) -> dict[str, Any]:
    finds = finds_of(page)
    return {
        "groups": list(_by_block(finds, page)),
        "finds": len(finds),
        "blocking": sum(find.blocks for find in finds),
    }


def _by_block(finds: list[Find], page: Any) -> list[Group]:
    """In the order of the body; what is said of the whole lesson comes first."""
    places = {str(child.id): n for n, child in enumerate(page.body, start=1)}
    names = {str(child.id): _name_of(child) for child in page.body}
    ordered = sorted(finds, key=lambda find: places.get(find.unit, 0))
    return [
        {"unit": unit, "name": names.get(unit, "标题、摘要和全篇"), "finds": list(same)}
        for unit, same in groupby(ordered, key=lambda find: find.unit)
    ]


def _name_of(child: Any) -> str:
    """The kind of the block and its own title, where it has one."""
    own = next((child.value[n] for n in ("heading", "title", "name") if child.value.get(n)), "")
    return f"{child.block.label}：{own}" if own else str(child.block.label)


def _page_of(request: HttpRequest, page_id: int) -> Any:
    """For those who may write in it; raises PermissionDenied for others."""
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, PROOFREAD):
        raise Http404
    user: Any = request.user
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return page


@require_GET
def show_proofs(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page, for whoever has no script; with ``?part=list`` what the editor puts into itself."""
    page = _page_of(request, page_id)
    draft = page.get_latest_revision_as_object()
    context = {"page": draft, "page_id": page_id, **_told(draft), "header_icon": "check"}
    if request.GET.get("part") == "list":
        return TemplateResponse(request, "content/proof_list.html", {**context, "script": True})
    titles = {"page_title": "校对", "page_subtitle": draft.title}
    crumbs = [{"url": editor_of(page_id), "label": draft.title}]
    crumbs.append({"url": "", "label": "校对"})
    return TemplateResponse(
        request, "content/proof_page.html", {**context, **titles, "breadcrumbs_items": crumbs}
    )


class DismissalForm(forms.Form):
    """What a find is known by."""

    rule = forms.ModelChoiceField(ProofRule.objects.all(), to_field_name="key")
    unit = forms.CharField(max_length=64, required=False)
    words = forms.CharField(max_length=160, required=False, strip=False)
    sentence_hash = forms.RegexField(r"^[0-9a-f]{32}\Z")


@require_POST
def dismiss_find(request: HttpRequest, page_id: int) -> HttpResponse:
    """忽略: remembered for everybody, until the sentence changes."""
    page = _page_of(request, page_id)
    form = DismissalForm(request.POST)
    said = "这一处没有忽略成：它或它的规则已经不在了。请刷新再看。"
    if form.is_valid():
        said = "已忽略。这句话改动以后，会再检查。"
        dismiss(lesson_key=page.translation_key, by=request.user, **form.cleaned_data)
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"said": said}, status=200 if form.is_valid() else 409)
    (messages.success if form.is_valid() else messages.warning)(request, said)
    return redirect("proofs", page_id)


URLS: list[URLPattern] = [
    path("proofs/<row:page_id>/", show_proofs, name="proofs"),
    path("proofs/<row:page_id>/dismiss/", dismiss_find, name="dismiss_proof"),
]
