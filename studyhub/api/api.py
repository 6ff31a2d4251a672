"""The API of studyhub: study, leaders, channels.

Content editing is Wagtail's own API (``/api/cms/``).
"""

from ninja import NinjaAPI

from studyhub.api.docs import PlainDocs
from studyhub.api.errors import add_handlers
from studyhub.api.routers import channels, content, leaders, me, records, session

api = NinjaAPI(
    title="指尖课堂 API",
    version="1.0.0",
    description="出错时返回 application/problem+json：code 给程序看，detail 用中文说明怎么办。",
    urls_namespace="api-v1",
    docs=PlainDocs(),
)
add_handlers(api)
for router in (
    content.router,
    session.router,
    me.router,
    records.router,
    leaders.router,
    channels.router,
):
    api.add_router("", router)
