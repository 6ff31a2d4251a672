"""A channel is one folder and one line: nothing else knows a platform by name."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from studyhub.channels import connections, registry
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Mode
from tests.channels.factories import AccountFactory

HERE = Path(__file__).parent
CORE = Path(settings.BASE_DIR) / "studyhub" / "channels"
PLATFORM = re.compile(
    r"wechat|weixin|公众号|freepublish|media_id|publish_id|toutiao|头条|视频号"
    r"|wecom|feishu|飞书|dingtalk|钉钉",
    re.IGNORECASE,
)
# The list itself, history, and the rendering whose article template is still WeChat's.
KNOWING = ("adapters", "migrations", "registry.py", "rendering.py")


def contract_tests():
    """Names of the adapters that a class ``Test…(…Contract)`` somewhere here is about."""
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and node.bases and "Contract" in ast.unparse(node):
                yield from re.findall(r"^    adapter = (\w+)$", ast.unparse(node), re.MULTILINE)


@pytest.mark.parametrize("kind", registry.ADAPTERS)
def test_every_kind_passes_the_contract(kind):
    assert registry.adapter_class(kind).__name__ in set(contract_tests())


def opener_of(kind):
    if registry.mode_of(kind) is Mode.MANUAL:
        return connections.open_handover
    if registry.is_messenger(kind):
        return connections.open_messenger
    return connections.open_publisher


@pytest.mark.parametrize("kind", registry.ADAPTERS)
@pytest.mark.django_db
def test_every_kind_opens(kind):
    account = AccountFactory(kind=kind, secrets={"folder": "x", "app_id": "a", "app_secret": "b"})
    assert opener_of(kind)(account)


def core_modules():
    paths = sorted(CORE.rglob("*.py"))
    return [path for path in paths if not set(path.relative_to(CORE).parts) & set(KNOWING)]


@pytest.mark.parametrize("path", core_modules(), ids=lambda path: str(path.relative_to(CORE)))
def test_the_core_knows_no_platform_by_name(path):
    assert PLATFORM.findall(path.read_text("utf-8")) == []


def test_a_line_in_the_registry_is_a_choice_of_the_account():
    choices = dict(ChannelAccount._meta.get_field("kind").choices)
    assert list(choices) == list(registry.ADAPTERS)
    assert choices["folder"] == "文件目录"


def test_every_address_comes_from_the_environment():
    wanted = {base.variable for base in registry.bases()}
    assert wanted == set(settings.CHANNEL_BASES)
    told = (Path(settings.BASE_DIR) / ".env.example").read_text("utf-8")
    assert all(variable in told for variable in wanted)


def test_a_row_of_a_retired_kind_can_still_be_read():
    assert registry.steps_of("fax") == {}
    assert registry.external_names_of("fax") == {}
