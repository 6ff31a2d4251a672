"""Why a call may be welcome: said in words to those who look after a member, never a verdict."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from content import catalogue
from content.catalogue import Quiz, as_shown
from studyhub.core.clock import today
from studyhub.learning.models import LessonStatus, PlannedLesson
from studyhub.learning.quizzes import grade
from studyhub.records.models import Record

SILENT_AFTER = timedelta(days=30)
RESTING_AFTER = timedelta(days=14)  # a lesson begun and left; a week of night shifts is nothing
TRIES = 2  # at a self-check; whoever failed once has not yet looked at the explanation


class Standing(NamedTuple):
    """Where a member stands with one lesson, as far as help may be needed.

    ``rests``: begun or not, nothing moved for ``RESTING_AFTER``.
    """

    status: LessonStatus = LessonStatus.NOT_STARTED
    quiz_best: int | None = None
    quiz_attempts: int = 0
    rests: bool = False


def reason_in_words(
    left: Collection[tuple[PlannedLesson, Standing]],
    titles: Mapping[UUID, tuple[str, str]],
    *,
    never_came: bool,
    last_seen_at: datetime | None,
    stuck: str,
) -> str | None:
    """The most telling one; None when nothing speaks for a call. ``left``: required, not done."""
    if not left:
        return None
    if never_came:
        return "还没有登录学习过，可能不会用或没有手机"
    if last_seen_at and timezone.now() - last_seen_at > SILENT_AFTER:
        days = (timezone.now() - last_seen_at).days
        return f"已有 {days} 天没有联网同步，可能换了手机或没有信号"
    if stuck:
        return stuck
    begun = [one for one in left if one[1].status == LessonStatus.IN_PROGRESS]
    day = today()
    if overdue := sum(bool(item.due_on and item.due_on < day) for item, _ in left):
        return f"有 {overdue} 课过了计划时间" + ("，已经开始学" if begun else "")
    resting = next((item for item, standing in begun if standing.rests), None)
    return f"{_named(titles, resting.lesson_key)}开了头，还没有学完" if resting else None


def _named(titles: Mapping[UUID, tuple[str, str]], key: UUID) -> str:
    return f"《{titles[key][0]}》" if key in titles else "一课"


def stuck_on(
    keys: Sequence[UUID],
    standings: Mapping[int, Sequence[Standing]],
    titles: Mapping[UUID, tuple[str, str]],
) -> dict[int, str]:
    """By member: the questions that the newest of several attempts got wrong.

    ``standings`` are by member, in the order of ``keys``. Costs nothing where nobody has tried in
    vain.
    """
    tried = {
        (member, key): standing
        for member, mine in standings.items()
        for key, standing in zip(keys, mine, strict=True)
        if standing.quiz_attempts >= TRIES and standing.status == LessonStatus.IN_PROGRESS
        if key in titles
    }
    if not tried:
        return {}
    newest = dict(sorted(_newest_attempts(tried.keys()).items()))
    current = catalogue.current_revisions({key for _, key in tried})
    asked = {(key, one.revision) for (_, key), one in newest.items()}
    outlines = catalogue.outlines(asked | set(current.items()))
    words: dict[int, str] = {}
    for (pk, key), attempt in newest.items():
        now, best = outlines.get((key, current.get(key, 0))), tried[pk, key].quiz_best
        quiz = now and now.quiz
        if quiz and (best is None or best < quiz.pass_mark):
            own = outlines.get((key, attempt.revision))
            shown = as_shown((own and own.quiz) or quiz, attempt.revision, attempt.id)
            words.setdefault(pk, _stuck_words(quiz, shown, attempt.answers, _named(titles, key)))
    return {pk: said for pk, said in words.items() if said}


def _stuck_words(quiz: Quiz, shown: Quiz, answers: Mapping[str, object], lesson: str) -> str:
    """Numbers as the lesson has them now; what the attempt did not show is nobody's mistake."""
    right = grade(quiz, answers).right
    asked = {one.id for one in shown.questions}
    numbered = enumerate(quiz.questions, start=1)
    wrong = [str(n) for n, one in numbered if one.id in asked and not right[one.id]]
    return f"{lesson}的自测卡在第 {'、'.join(wrong)} 题" if wrong else ""


class _Attempt(NamedTuple):
    revision: int
    id: str
    answers: dict[str, object]


def _newest_attempts(tried: Set[tuple[int, UUID]]) -> dict[tuple[int, UUID], _Attempt]:
    attempts = Record.objects.filter(
        kind=Record.Kind.QUIZ_ATTEMPT,
        member__in={pk for pk, _ in tried},
        lesson_key__in={key for _, key in tried},
    ).order_by("effective_at", "pk")
    rows = attempts.values_list("member_id", "lesson_key", "revision", "data")
    return {
        (pk, key): _Attempt(revision or 0, data["attempt_id"], data["answers"])
        for pk, key, revision, data in rows
        if key and (pk, key) in tried
    }
