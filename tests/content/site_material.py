"""Heritage sites with exhibits, for tests."""

from typing import Any
from uuid import uuid4

from content.models import HeritageSitePage, SignOff
from content.models.signing import sign_for_all
from tests import factories as make

NARRATION = "这盏马灯在山里照过三个冬天的路。" * 5  # 80 characters
EXHIBIT: dict[str, Any] = {
    "code": "PTS-01",
    "name": "马灯",
    "period": "1947年",
    "narration": NARRATION,
    "image": None,
    "alt": "",
    "media": None,
    "voice": "human",
    "transcript": "",
    "question": "灯上有几个提手？",
    "answer": "一个提手。",
    "source": "藏品档案12号",
    "holder": "旗博物馆",
    "rights": "own",
    "accessibility": "平台低矮，轮椅能到跟前",
    "minutes": 3,
    "way": "steps",
    "metres": 60,
    "way_note": "出门左转",
    "rest": "门边有长椅",
}


def an_exhibit(code: str = "PTS-01", **fields: Any) -> dict[str, Any]:
    value = {**EXHIBIT, "code": code, **fields}
    return {"type": "exhibit", "id": str(uuid4()), "value": value}


def to_verify() -> dict[str, Any]:
    value = {"what": "哪一年建成", "whom": "旗文物管理所", "found": ""}
    return {"type": "to_verify", "id": str(uuid4()), "value": value}


def a_site(*blocks: dict[str, Any], publish: bool = True, slug: str = "paotaishan") -> Any:
    """Two exhibits unless others are given."""
    body = [*(blocks or (an_exhibit(), an_exhibit("PTS-02", name="石碾", way="flat")))]
    page = HeritageSitePage(title="炮台山", slug=slug, summary="五十级台阶", live=False)
    page.body = page.body.stream_block.to_python([make.section("在什么地方"), *body])
    make.a_tree().sites.add_child(instance=page)
    return publish_site(page) if publish else page


def again(page: Any) -> HeritageSitePage:
    return HeritageSitePage.objects.get(pk=page.pk)


def publish_site(page: Any) -> HeritageSitePage:
    """As it stands; where reviews are on, it counts as there before them."""
    sign_for_all(page, SignOff.Kind.BEFORE)
    page.save_revision().publish()
    return again(page)


def changed(page: Any, number: int, **fields: Any) -> HeritageSitePage:
    """The site with this block worded anew, as it stands in memory."""
    page = again(page)
    for name, value in fields.items():
        page.body[number].value[name] = value
    return page
