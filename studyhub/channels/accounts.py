"""Accounts: setting them up, resuming them, and which lessons are ticked for them."""

import json
import re
from collections.abc import Collection
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from studyhub.channels import connections, registry
from studyhub.channels.errors import AccountStopped
from studyhub.channels.models import ChannelAccount, ChannelPick, Delivery
from studyhub.core.errors import Conflict, Invalid, NotFound

Health = ChannelAccount.Health
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
SALT = "studyhub.channels.accounts"
COMMON = ("name", "capabilities")


def account_of(key: str) -> ChannelAccount:
    """The account with this key. Raises NotFound."""
    account = ChannelAccount.objects.filter(key=key).first()
    if account is None:
        raise NotFound("channel_not_found", f"没有“{key}”这个渠道，请先到后台“渠道账号”里加上。")
    return account


@transaction.atomic
def put_account(kind: str, key: str, values: dict[str, Any]) -> ChannelAccount:
    """Make the account or give it new settings. A paused account starts again."""
    secrets, problems = _checked(kind, values)
    if not KEY.fullmatch(key):
        problems.append("标识只能用字母、数字、- 和 _，不超过 40 个")
    if problems:
        raise Invalid("bad_channel_settings", "；".join(problems))
    # Locked: the whole row is written, and a worker may be noting a token or an outage in it.
    known = ChannelAccount.objects.select_for_update().filter(key=key).first()
    account = known or ChannelAccount(key=key, kind=kind)
    if account.kind != kind:
        raise Invalid("kind_differs", f"“{key}”已经是{account.get_kind_display()}，不能改类型。")
    told = registry.platform_id_from(kind, secrets) or account.platform_id
    keep_apart(account, told)
    account.platform_id = told
    account.name = values.get("name") or account.name or account.get_kind_display()
    account.mode = registry.mode_of(kind)
    given = registry.capabilities_from(kind, values.get("capabilities") or [])
    account.capabilities = given or registry.capabilities_of(kind)
    account.secrets = secrets
    account.save()
    resume(account)
    return account


@transaction.atomic
def change_account(
    account: ChannelAccount, values: dict[str, Any], *, seen: str, cleared: Collection[str] = ()
) -> ChannelAccount:
    """New settings over those it has: what is not given stays, what is ``cleared`` goes.

    Where a platform still uses the value before for a while, it moves to its own setting.
    ``seen`` is the version that was in the form: what somebody else has changed since is kept.
    """
    locked = ChannelAccount.objects.select_for_update().get(pk=account.pk)
    if version_of(locked) != seen:
        raise Conflict(
            "changed_meanwhile",
            "刚才有人改过这个账号，您填的还没有存。请重新打开这一页，对照着再改。",
        )
    stored = locked.secrets
    kept = {name: value for name, value in stored.items() if name not in cleared}
    for field in registry.fields_of(account.kind):
        before, now = stored.get(field.name), values.get(field.name)
        if field.former and before and now not in ("", None, before):
            kept[field.former] = before
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return put_account(account.kind, account.key, {**kept, **given})


def version_of(account: ChannelAccount) -> str:
    """Another one after each change of its settings; says nothing of what they are."""
    told = [account.name, account.capabilities, account.secrets]
    return salted_hmac(SALT, json.dumps(told, sort_keys=True)).hexdigest()


def new_key(kind: str) -> str:
    """A short name for another account of this kind, as people write them by hand."""
    stem = kind.replace("_", "-")
    taken = set(ChannelAccount.objects.values_list("key", flat=True))
    return next(key for n in count(1) if (key := f"{stem}-{n}") not in taken)


def try_out(account: ChannelAccount) -> None:
    """One call with its settings. Raises what it met; an account that may not call is paused."""
    try:
        connections.open_probe(account).probe()
    except AccountStopped as error:
        pause(ChannelAccount.objects.filter(pk=account.pk), reason=error.detail, needs=error.action)
        raise
    untried = ChannelAccount.objects.filter(pk=account.pk, health=Health.UNTRIED)
    untried.update(health=Health.OK)


@transaction.atomic
def delete_account(account: ChannelAccount) -> None:
    """Only one that has never carried anything: what was sent stays told."""
    if account.deliveries.exists():
        raise Conflict(
            "account_in_use",
            f"“{account.name}”发过内容，记录要留着，不能删除。不再用的话，请按“暂停”。",
        )
    account.delete()


def keep_apart(account: ChannelAccount, platform_id: str) -> None:
    """Articles and material lie in one account of the platform, and one key of ours leads there."""
    same = ChannelAccount.objects.filter(kind=account.kind, platform_id=platform_id)
    other = same.exclude(key=account.key).first() if platform_id else None
    if other:
        raise Conflict(
            "same_account",
            f"这个账号已经设置为“{other.key}”，再设一个会重复发布。请更新“{other.key}”。",
        )
    moves = account.platform_id not in ("", platform_id)
    if moves and _has_belongings(account) and not registry.is_messenger(account.kind):
        raise Conflict(
            "another_account",
            f"“{account.key}”已经发过内容，它们属于原来的账号“{account.platform_id}”。"
            "请用新的标识设置另一个账号。",
        )


def _has_belongings(account: ChannelAccount) -> bool:
    return account.deliveries.exists() or account.assets.exists()


def _checked(kind: str, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    if kind not in registry.ADAPTERS:
        return {}, [f"没有“{kind}”这种渠道，可用：{'、'.join(registry.ADAPTERS)}"]
    fields = registry.fields_of(kind)
    names = {field.name for field in fields}
    problems = [f"不认识的设置“{name}”" for name in values if name not in names | set(COMMON)]
    problems += _common_problems(kind, values)
    secrets = {}
    for field in fields:
        value = values.get(field.name, "")
        if value in ("", None):
            problems += [f"缺少 {field.name}（{field.label}）"] if field.required else []
        elif wrong := field.check(value):
            problems.append(f"{field.name}（{field.label}）{wrong}")
        else:
            secrets[field.name] = value
    return secrets, problems


def _common_problems(kind: str, values: dict[str, Any]) -> list[str]:
    problems = []
    if not isinstance(values.get("name", ""), str) or len(values.get("name", "")) > 60:
        problems.append("name（名称）要是不超过 60 字的文字")
    known = registry.capabilities_of(kind)
    if not _are_known(kind, values.get("capabilities", []), known):
        problems.append(f"capabilities（能力）只能从这些里选：{'、'.join(known) or '（无）'}")
    base = registry.base_of(kind)
    if base and not connections.address_of(kind):
        problems.append(f"请先设置环境变量 {base.variable}，它说明{registry.label_of(kind)}在哪里")
    return problems


def _are_known(kind: str, given: Any, known: Collection[str]) -> bool:
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        return False
    return all(word in known for word in registry.capabilities_from(kind, given))


def pause(stopped: QuerySet[ChannelAccount], *, reason: str, needs: str) -> None:
    """Nothing of these accounts moves until a person has done what they need."""
    stopped.update(
        health=Health.PAUSED,
        paused_reason=reason[:300],
        needs=needs[:300],
        updated_at=timezone.now(),
    )


def resume(account: ChannelAccount) -> None:
    """A person has put the account in order: everything that waited for it goes on."""
    ChannelAccount.objects.filter(pk=account.pk).update(
        health=Health.UNTRIED,
        paused_reason="",
        needs="",
        token={},
        token_lock_until=None,
        updated_at=timezone.now(),
    )
    account.refresh_from_db()
    for delivery in account.deliveries.filter(state=Delivery.State.NEEDS_AUTH):
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.NEEDS_AUTH).update(
            state=delivery.resting_state, not_before=None
        )


def picks_of(lesson_key: UUID) -> list[ChannelPick]:
    """The ticks of one lesson, by the account's key."""
    picks = ChannelPick.objects.filter(lesson_key=lesson_key)
    return list(picks.select_related("account", "picked_by").order_by("account__key"))


@transaction.atomic
def set_picks(lesson_key: UUID, keys: Collection[str], *, by: AbstractBaseUser) -> None:
    """Exactly these accounts are ticked from now on, on the word of who ticked last."""
    picked = [account for account in ChannelAccount.objects.all() if account.key in keys]
    ChannelPick.objects.filter(lesson_key=lesson_key).exclude(account__in=picked).delete()
    for account in picked:
        ChannelPick.objects.update_or_create(
            account=account, lesson_key=lesson_key, defaults={"picked_by_id": by.pk}
        )


def may_send(person: Any) -> bool:
    """Whether this person may send to channels today; nobody may not."""
    return person is not None and person.has_perm("studyhub_channels.send_delivery")
