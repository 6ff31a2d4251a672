"""Proof-reading a lesson as it stands in a draft: with the rules of the desk, without what people
dismissed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Page

from content.models import HeritageSitePage, LessonPage, ProofDismissal, ProofHit, ProofRule
from content.models.review_form import ReviewedPageForm
from content.proofs.reading import proofread
from content.proofs.starter import StarterRule, starter_rules
from content.proofs.texts import material_of
from content.proofs.values import Find
from studyhub.core.clock import today

MOST_TOLD = 20
PROOFREAD = (LessonPage, HeritageSitePage)


def ensure_rules() -> None:
    """The starter rules that are not there yet; what staff changed is kept. Safe to repeat."""
    known = set(ProofRule.objects.values_list("key", flat=True))
    rows = [_row(starter) for starter in starter_rules() if starter.rule.key not in known]
    ProofRule.objects.bulk_create(rows, ignore_conflicts=True)


def _row(starter: StarterRule) -> ProofRule:
    rule = starter.rule
    return ProofRule(
        key=rule.key,
        coded=rule.check,
        name=rule.name,
        words="\n".join(rule.words),
        instead=rule.instead,
        level=rule.level.value,
        exceptions="\n".join(rule.exceptions),
        skips_quotes=rule.skips_quotes,
        skips_titles=rule.skips_titles,
        why=rule.why,
        source=starter.source,
    )


def finds_of(page: LessonPage | HeritageSitePage) -> list[Find]:
    """What the words of this state break, but for what people dismissed."""
    return find_in(page.translation_key, page.title, page.summary, page.body)


def find_in(lesson_key: UUID, title: str, summary: str, body: Iterable[Any]) -> list[Find]:
    material = material_of(title or "", summary or "", body or (), _open_pages)
    rules = [rule.as_rule() for rule in ProofRule.objects.filter(is_on=True).with_counts()]
    dismissed = ProofDismissal.of(lesson_key)
    finds = proofread(material, rules, today())
    return [find for find in finds if ProofDismissal.key_of(find) not in dismissed]


def _open_pages(numbers: set[int]) -> set[int]:
    return set(Page.objects.live().filter(pk__in=numbers).values_list("pk", flat=True))


def count_hits(page: LessonPage | HeritageSitePage) -> None:
    """Of the draft that was just saved; each find counts once. Safe to repeat."""
    finds = finds_of(page)
    rules = dict(ProofRule.objects.filter(key__in={f.rule for f in finds}).values_list("key", "pk"))
    hits = [
        ProofHit(
            rule_id=rules[find.rule],
            lesson_key=page.translation_key,
            mark=ProofHit.mark_of(find.unit, find.words),
        )
        for find in finds
        if find.rule in rules
    ]
    ProofHit.objects.bulk_create(hits, ignore_conflicts=True)


@transaction.atomic
def dismiss(
    *, lesson_key: UUID, rule: ProofRule, unit: str, words: str, sentence_hash: str, by: Any
) -> None:
    """Gone until that sentence changes. Safe to repeat: the first person stays written down."""
    place = {"lesson_key": lesson_key, "unit": unit, "words": words, "rule": rule}
    ProofDismissal.objects.get_or_create(
        **place, sentence_hash=sentence_hash, defaults={"person": by}
    )
    ProofHit.objects.update_or_create(
        rule=rule,
        lesson_key=lesson_key,
        mark=ProofHit.mark_of(unit, words),
        defaults={"dismissed": True},
    )


def problems_before_review(form: ReviewedPageForm) -> list[str]:
    """What must be changed first, in words; of the form as it was sent."""
    sent = {name: form.cleaned_data.get(name) for name in ("title", "summary", "body")}
    finds = [find for find in find_in(form.instance.translation_key, **sent) if find.blocks]
    if not finds:
        return []
    head = (
        f"还没有送审：有 {len(finds)} 处必须改。写的都在下面，没有丢；改好再送审，"
        "确实不用改的，在“校对”里按“忽略”。"
    )
    return [head, *map(in_words, finds[:MOST_TOLD])]


def proofs_against(lesson_key: UUID, kind: str) -> list[str]:
    """What must be changed before the lesson, as it is live, goes to this kind of channel."""
    rules = ProofRule.objects.filter(is_on=True, level=ProofRule.Level.BLOCKING)
    if not any(kind in rule.channels for rule in rules):
        return []
    page = LessonPage.objects.filter(translation_key=lesson_key, live=True).first()
    finds = [find for find in finds_of(page) if find.blocks_on(kind)] if page else []
    return [in_words(find).rstrip("。") for find in finds[:MOST_TOLD]]


def in_words(find: Find) -> str:
    what = f"“{find.words}”" if find.words else ""
    instead = f"，建议：{find.suggestion}" if find.suggestion else ""
    return f"{find.name}{what}：{find.why}{instead}。"
