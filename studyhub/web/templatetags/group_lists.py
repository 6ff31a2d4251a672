"""The long lists of a group's page: whom one may call, lessons with counts, a line a member.

Not nodes of templates: a page has thousands of them, and each costs more than its words. Whatever
somebody wrote passes ``escape``; everything else here is ours.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from html import escape
from itertools import count
from typing import Any

from django import template
from django.template.backends.utils import csrf_input
from django.utils.safestring import SafeString, mark_safe

from studyhub.core.clock import beijing_day

register = template.Library()

_PERSON = """
<li class="given" data-person="{key}">
  <p><strong>{name}</strong>{reason}
    <span class="soft small">{touched}</span></p>
  <div class="row">
    <form method="post" action="{call_url}" data-call>{token}<button type="submit" aria-label="给{name}打电话">打电话</button></form>
    <a class="button quiet" href="{url}#words" data-copy="{name}" aria-label="复制给{name}的一段话">复制一段话</a>
    <a class="button quiet" href="{url}#note" aria-label="记一次和{name}的联系">记联系</a>
  </div>
</li>
"""  # noqa: E501  as it is sent
_LESSON = """
        <li><p><strong>第 {number} 课</strong> {title}</p>
          <p>已有 {finished} 人学完{due}{optional}</p>
          <meter min="0" max="{members}" value="{finished}" aria-label="第 {number} 课，{members} 人中 {finished} 人学完"></meter></li>"""  # noqa: E501
_LINE = """
          <tr role="row"><th scope="row" role="rowheader"><a class="tap" href="{url}">{name}</a></th>
            <td role="cell" class="number">{sum}</td>
            <td role="cell"><ol class="dots">{cells}</ol></td>
            <td role="cell">{help}{phone}</td></tr>"""  # noqa: E501


@register.simple_tag(takes_context=True)
def people_to_call(context: Any, people: Iterable[Any], plain: bool = False) -> SafeString:
    """``plain``: without the reason. The number is not here: it is asked for."""
    token = csrf_input(context["request"])
    return mark_safe("".join(_person(person, token, plain) for person in people))


def _person(person: Any, token: str, plain: bool) -> str:
    reason = "" if plain else person.reason
    last = person.touch.last_at
    return _PERSON.format(
        key=person.member.public_id,
        name=escape(person.member.name),
        reason=f" <span data-reason>{escape(reason)}</span>" if reason else "",
        touched=f"{_day(beijing_day(last))}联系过" if last else "还没有联系过",
        call_url=escape(person.call_url),
        url=escape(person.url),
        token=token,
    )


@register.simple_tag
def lesson_counts(completion: Any) -> SafeString:
    """How many finished each lesson of the plan."""
    members = completion.totals.members
    numbered = enumerate(completion.lessons, start=1)
    return mark_safe("".join(_lesson(number, one, members) for number, one in numbered))


def _lesson(number: int, lesson: Any, members: int) -> str:
    title = escape(lesson.title)
    due = f"，{_day(lesson.due_on)}前学" if lesson.due_on else ""
    return _LESSON.format(
        number=number,
        title=f'<a class="tap" href="{escape(lesson.url)}">{title}</a>' if lesson.url else title,
        finished=lesson.finished_count,
        due=due and f'<span class="soft">{due}</span>',
        optional="" if lesson.required else '<span class="soft">，选学</span>',
        members=members,
    )


@register.simple_tag
def member_lines(people: Iterable[Any]) -> SafeString:
    """How each member stands with the plan."""
    return mark_safe("".join(_line(person) for person in people))


def _line(person: Any) -> str:
    line = person.line
    phone = line.member.masked_phone
    return _LINE.format(
        url=escape(person.url),
        name=escape(line.member.name),
        sum=_sum(line),
        cells="".join(map(_cell, count(1), line.marks)),
        help=_help(line),
        phone=phone and f'<br><span class="soft">电话 {escape(phone)}</span>',
    )


def _sum(line: Any) -> str:
    if line.member.exempt_reason:
        return f"免除要求，学完 {line.finished} 课"
    return f"{line.required} 课学完 {line.finished} 课"


def _help(line: Any) -> str:
    if line.help_reason:
        return escape(line.help_reason)
    if line.last_seen_at:
        day = _day(beijing_day(line.last_seen_at))
        return f'<span class="soft small">最近同步 {day}</span>'
    return '<span class="unseen">没有</span>'


_SIGNS = {"finished": ("✓", "学完"), "in_progress": ("◐", "在学"), "not_started": ("○", "还没学")}


@cache
def _cell(number: int, status: str) -> str:
    sign, words = _SIGNS[status]
    return (
        f'<li class="{status}"><span class="unseen">第</span>{number}<span class="unseen">课</span>'
        f' {sign}<span class="unseen">{words}</span></li>'
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
