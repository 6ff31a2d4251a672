"""Ten codes on paper, each good once: for a lost phone, and for those who have none.

Twelve digits: the first is the code's number, so that one digest is looked at and not ten; the
others are random.
"""

import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from studyhub.people.models import RecoveryCode, SecondFactor

COUNT = 10
DIGITS = 12
FEW = 3  # left: whoever signs in with one is told to make new ones


def new_codes() -> list[str]:
    return [f"{number}{secrets.randbelow(10 ** (DIGITS - 1)):011}" for number in range(COUNT)]


def as_rows(codes: list[str]) -> list[RecoveryCode]:
    """Their rows, still without a factor. Slow on purpose, as it is with passwords."""
    return [RecoveryCode(number=int(code[0]), digest=make_password(code)) for code in codes]


def put_rows(factor: SecondFactor, rows: list[RecoveryCode]) -> None:
    """These instead of those there were."""
    factor.recovery_codes.all().delete()
    for row in rows:
        row.factor = factor
    RecoveryCode.objects.bulk_create(rows)


def use_code(factor: SecondFactor, code: str) -> bool:
    """Whether this is an unused code of the factor's; from now on it is used."""
    unused = RecoveryCode.objects.unused().filter(factor=factor, number=int(code[0]))
    row = unused.first()
    if row is None or not check_password(code, row.digest):
        return False
    return unused.filter(pk=row.pk).update(used_at=timezone.now()) == 1


def count_left(factor: SecondFactor) -> int:
    return RecoveryCode.objects.unused().filter(factor=factor).count()
