"""How often articles were read, and how many calls are left: numbers alone, of nobody."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from studyhub.channels.adapters.wechat.client import WeChatClient
from studyhub.channels.errors import ChannelUnavailable
from studyhub.channels.ports import Count, Quota

MESSAGE = "msg_data_id"
TOTALS = "/datacube/getarticletotaldetail"
QUOTA = "/cgi-bin/openapi/quota/get"
UNREADABLE = "读不懂微信给的数字。"
# What we call ourselves, in the order in which an article meets it.
RATIONS = (
    ("换取令牌", "/cgi-bin/stable_token"),
    ("上传正文图片", "/cgi-bin/media/uploadimg"),
    ("上传封面", "/cgi-bin/material/add_material"),
    ("放进草稿箱", "/cgi-bin/draft/add"),
    ("看草稿", "/cgi-bin/draft/get"),
    ("列出草稿", "/cgi-bin/draft/batchget"),
    ("提交发布", "/cgi-bin/freepublish/submit"),
    ("询问发布结果", "/cgi-bin/freepublish/get"),
    ("列出已发布的", "/cgi-bin/freepublish/batchget"),
    ("删除文章", "/cgi-bin/freepublish/delete"),
)
UNTOLD = ("76021", "76022")  # it tells no number of this path


def counts_of(client: WeChatClient, published_on: date) -> list[Count]:
    day = published_on.isoformat()
    answer = client.ask(TOTALS, {"begin_date": day, "end_date": day}, "list")
    try:
        return [count for article in answer["list"] for count in _counts(article)]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ChannelUnavailable(UNREADABLE, code="unreadable") from None


def _counts(article: dict[str, Any]) -> Iterator[Count]:
    """Of the first article of a post: we send no second one."""
    message, _, place = str(article["msgid"]).rpartition("_")
    for row in article.get("detail_list") or [] if place == "1" else []:
        day = date.fromisoformat(row["stat_date"])
        reads, shares = int(row.get("read_user") or 0), int(row.get("share_user") or 0)
        yield Count(message, day, reads, shares)


def quotas(client: WeChatClient) -> list[Quota]:
    return [quota for label, path in RATIONS if (quota := _quota(client, label, path))]


def _quota(client: WeChatClient, label: str, path: str) -> Quota | None:
    try:
        told = client.ask(QUOTA, {"cgi_path": path}, "quota")["quota"]
        limit, used, left = (int(told[name]) for name in ("daily_limit", "used", "remain"))
    except ChannelUnavailable as error:
        if error.code in UNTOLD:
            return None
        raise
    except (KeyError, TypeError, ValueError):
        raise ChannelUnavailable(UNREADABLE, code="unreadable") from None
    return Quota(label, path, limit, used, left)
