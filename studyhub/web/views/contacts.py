"""One tap to call, a text to send, a note of it; complete without a script."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid, NotFound, TooMany
from studyhub.core.ids import parse_uuid, uuid7
from studyhub.people import access
from studyhub.people.contacts import look_up_phone, note_contact
from studyhub.people.models import Contact, Member, StudyGroup, User
from studyhub.web.private import SignedInRequest, page, private

CONTACTS_SHOWN = 10
NAME_HERE = "□"  # in the text of a whole list, where a script puts the name
LOOKED_AT = "联系记录"  # as the member reads it under "谁看过我的记录"


@require_safe
@private
def member_page(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """A member of the group: the text, the note, and what was noted before; no number."""
    group, member = led_in(request, public_id, member_id)
    access.note_views(request.user, [member], LOOKED_AT)
    return _page(request, group, member)


@require_POST
@private
def call(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """The same page with the number to dial; the member is shown who asked for it."""
    group, member = led_in(request, public_id, member_id)
    try:
        member, phone = look_up_phone(request.user, member_id)
    except (Invalid, TooMany) as problem:
        status = 429 if isinstance(problem, TooMany) else 422
        return _page(request, group, member, {"problem": problem.detail}, status)
    return _page(request, group, member, {"phone": phone})


@require_POST
@private
def note(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Keeps what a button said, and goes back to the list."""
    group, member = led_in(request, public_id, member_id)
    form = request.POST
    try:
        note_contact(
            by=request.user,
            member_id=member_id,
            contact_id=parse_uuid(form.get("id")) or uuid7(),
            way=form.get("way", Contact.Way.PHONE),
            outcome=form.get("outcome", ""),
            next_step=form.get("next_step", ""),
        )
    except (Invalid, Conflict) as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        return _page(request, group, member, {"problem": problem.detail}, status)
    messages.success(request, f"✓ 和{member.name}的联系记下了，他在自己的页面上看得到。")
    return redirect("lead_group", group.public_id)


def led_in(request: SignedInRequest, public_id: UUID, member_id: UUID) -> tuple[StudyGroup, Member]:
    group = access.group_for(request.user, public_id)
    member = access.led_member(request.user, member_id)
    if not group.memberships.in_force(today()).filter(member=member).exists():
        raise NotFound("member_not_found", "这个小组里没有这位同志。请从名单重新进入。")
    return group, member


def friendly_text(name: str, by: User) -> str:
    """A message to send as it is; it asks and does not press."""
    return (
        f"{name}同志，您好！我是{by.get_full_name()}。最近在外面还顺利吗？"
        "手机不会用、流量不够、哪道题不明白，都可以告诉我，哪天方便我给您打电话。"
        f"学习在这里：{settings.PUBLIC_URL}"
    )


def _page(
    request: SignedInRequest,
    group: StudyGroup,
    member: Member,
    more: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "group": group,
        "member": member,
        "text": friendly_text(member.name, request.user),
        "contact_id": uuid7(),
        "ways": Contact.Way.choices,
        "outcomes": Contact.Outcome.choices,
        "steps": Contact.NextStep.choices,
        "contacts": member.contacts.newest_first()[:CONTACTS_SHOWN],
        "leads": True,
    }
    return page(request, "web/lead_member.html", context | (more or {}), status=status)
