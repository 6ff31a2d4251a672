"""The API of studyhub: study, leaders, channels."""

from ninja import NinjaAPI

api = NinjaAPI(title="指尖课堂 API", version="1.0.0", docs_url="/docs", openapi_url="/openapi.json")
