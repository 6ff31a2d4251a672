"""``/setup/``: five short pages by which an empty server becomes a county's.

Who holds the one-time link may use them; the link's key moves into a cookie at once, so that it
stands in no address afterwards. Nothing here is ever kept by anybody.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from studyhub.core.errors import Conflict, Invalid, NotFound, StudyhubError
from studyhub.people.second_factor import take_away
from studyhub.setup import links, steps
from studyhub.setup.models import Setup
from studyhub.web.enrolment import enrol, enrolment, shown_codes
from studyhub.web.setup_forms import PAGES, Page, StepForm

COOKIE = "setup"
ADMINISTRATOR = next(page for page in PAGES if page.slug == "administrator")
NO_LINK = NotFound(
    "setup_link_missing",
    "打开这一页要用设置链接。请在服务器上执行 manage.py setup，用它打印的链接。",
)
View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """A caller without a good link is told why, and what to do."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except StudyhubError as problem:
            status = 410 if isinstance(problem, Conflict) else 404
            response = render(request, "web/setup_closed.html", {"problem": problem}, status=status)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapped


@by_link
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """The link itself, and afterwards the way to the first page that is not done."""
    if key := request.GET.get("key", ""):
        _open(links.setup_behind(key))
        response = redirect("setup")
        response.set_cookie(
            COOKIE,
            key,
            max_age=links.GOOD_FOR,
            path="/setup/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    setup = _setup_of(request)
    if setup.finished_at:
        return redirect("setup_done")
    page = next((page for page in PAGES if not page.is_done(setup)), PAGES[-1])
    return _to_factor() if _must_set_factor_up(page, setup) else _to(page)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """One page: stored when it is sent, shown again with its mistakes named."""
    page = next((page for page in PAGES if page.slug == slug), None)
    if page is None:
        raise NotFound("setup_page_unknown", "没有这一页。请从设置链接重新进来。")
    if request.method != "POST":
        return _show(request, page, page.form(_open(_setup_of(request))))
    with transaction.atomic():
        form = page.form(_open(_setup_of(request, lock=True)), request.POST)
        saved = form.is_valid() and _saved(form)
    if not saved:
        return _show(request, page, form, status=422)
    return _to_factor() if _must_set_factor_up(page, form.setup) else _after(page)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Of the administrator, at once: the second half of the page that makes the account."""
    if request.method != "POST":
        return _show_factor(request, _open(_setup_of(request)))
    with transaction.atomic():
        setup = _open(_setup_of(request, lock=True))
        if setup.administrator is None:
            return _to(ADMINISTRATOR)
        if "again" in request.POST:  # who holds the link may set the password as well
            take_away(setup.administrator, by=None)
            return _to_factor()
        if not steps.lacks_factor(setup):
            return _show_factor(request, setup)
        try:
            codes = enrol(request, setup.administrator)
        except Invalid as problem:
            return _show_factor(request, setup, problem)
    context = {"codes": shown_codes(codes), "after": _following(ADMINISTRATOR)}
    return render(request, "web/setup_second_factor.html", context)


def _show_factor(
    request: HttpRequest, setup: Setup, problem: Invalid | None = None
) -> HttpResponse:
    user = setup.administrator
    if user is None:
        return _to(ADMINISTRATOR)
    asked = enrolment(request, user, problem) if steps.lacks_factor(setup) else {}
    context = {**asked, "after": _following(ADMINISTRATOR)}
    status = 422 if problem else 200
    return render(request, "web/setup_second_factor.html", context, status=status)


@by_link
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What to do next; for the browser that finished."""
    setup = _setup_of(request)
    if not setup.finished_at:
        return redirect("setup")
    return render(request, "web/setup_done.html", {"administrator": setup.administrator})


def _setup_of(request: HttpRequest, *, lock: bool = False) -> Setup:
    key = request.COOKIES.get(COOKIE, "")
    if not key:
        raise NO_LINK
    return links.setup_behind(key, lock=lock)


def _open(setup: Setup) -> Setup:
    """The link is void once it was used."""
    if setup.finished_at:
        raise Conflict("already_set_up", links.FINISHED)
    return setup


def _saved(form: StepForm) -> bool:
    """What the form let through and the model does not goes back to the page, nothing stored."""
    try:
        with transaction.atomic():
            form.save()
    except ValidationError as error:
        form.refuse(error)
    except (Conflict, Invalid) as error:
        form.add_error(None, error.detail)
    return not form.errors


def _must_set_factor_up(page: Page, setup: Setup) -> bool:
    return page == ADMINISTRATOR and steps.lacks_factor(setup)


def _after(page: Page) -> HttpResponse:
    following = _following(page)
    return _to(following) if following else redirect("setup_done")


def _following(page: Page) -> Page | None:
    rest = PAGES[PAGES.index(page) + 1 :]
    return rest[0] if rest else None


def _to_factor() -> HttpResponseRedirect:
    return redirect("setup_second_factor")


def _to(page: Page) -> HttpResponseRedirect:
    return redirect("setup_step", page.slug)


def _show(request: HttpRequest, page: Page, form: StepForm, status: int = 200) -> HttpResponse:
    number = PAGES.index(page)
    context = {
        "page": page,
        "form": form,
        "number": number + 1,
        "before": PAGES[number - 1] if number else None,
        "pages": [(one, one.is_done(form.setup), one is page) for one in PAGES],
    }
    return render(request, "web/setup.html", context, status=status)
