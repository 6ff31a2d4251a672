"""文章的样子: how an account's articles look, changed beside a lesson that shows it at once."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from content import catalogue
from content.previews import in_frame
from studyhub.channels import previews, registry, rendering
from studyhub.channels.account_pages import DRESSED, for_keepers, render_page
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Form, Look

HEADER, CLOSING = 40, 200
NO_LESSON = "还没有上线的课，看不了样子；填好保存，有了课就照这个样子发。"


class LookForm(forms.Form):
    """All of it has a value that works: an account that nobody dressed looks as this form opens."""

    header = forms.CharField(
        label="页眉",
        required=False,
        max_length=HEADER,
        help_text=f"文章最上面的一行，例如：科尔沁先锋 · 党课。可以空着，不超过 {HEADER} 字。",
    )
    closing = forms.CharField(
        label="结束语",
        required=False,
        max_length=CLOSING,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"文章最后的话，例如：有问题请找您的组长。可以空着，不超过 {CLOSING} 字。",
    )
    colour = forms.ChoiceField(
        label="颜色", widget=forms.RadioSelect, help_text="这几种在白底上都看得清。"
    )
    card = forms.BooleanField(
        label="文末放课程页的二维码",
        required=False,
        help_text="平台上的文章放不了外面的链接，长按二维码是读者回到课程页的一条路。",
    )

    def __init__(self, form: Form, look: Look, data: Any = None) -> None:
        first = form.colours[0][0]
        super().__init__(data, initial={**asdict(look), "colour": look.colour or first})
        self.fields["colour"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, label, _ in form.colours
        ]


@require_http_methods(["GET", "POST"])
@for_keepers
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Counts for what is sent from now on: what was sent stays as it was frozen."""
    account, shape = _dressed(key)
    form = LookForm(shape, account.dress, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            ChannelAccount.objects.filter(pk=account.pk).update(look=form.cleaned_data)
            log(account, DRESSED, user=request.user)
        messages.success(request, "文章的样子存好了，从下一篇起照这个样子发；发过的不变。")
        return redirect("channels:look", key)
    title = f"文章的样子：{account.name}"
    return render_page(request, "channels/look.html", title, {"account": account, "form": form})


@require_http_methods(["GET", "POST"])  # by POST, so that words and token stay out of addresses
@for_keepers
@xframe_options_sameorigin
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The first lesson as it would arrive with what is in the form now; nothing is stored."""
    account, shape = _dressed(key)
    form = LookForm(shape, account.dress, request.POST or None)
    look = Look(**form.cleaned_data) if form.is_valid() else account.dress
    cards = catalogue.featured() or list(catalogue.LessonSelection()[:1])
    if not cards:
        return HttpResponse(NO_LESSON, content_type="text/plain; charset=utf-8")
    lesson = catalogue.content(cards[0].lesson_key)
    post = rendering.build_post(lesson, kind=account.kind, marker=previews.MARKER, look=look)
    return in_frame(request, "channels/preview_article.html", **previews.shown(account.kind, post))


def _dressed(key: str) -> tuple[ChannelAccount, Form]:
    account = get_object_or_404(ChannelAccount, key=key)
    shape = registry.form_of(account.kind) if account.kind in registry.ADAPTERS else Form()
    if not shape.colours:
        raise Http404
    return account, shape
