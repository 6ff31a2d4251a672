"""The description of an API as a plain page: nothing runs on it, nothing is loaded for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One thing that a caller sends: ``place`` is path, query, header or body."""

    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Route:
    """One address with one method, as the page tells it."""

    method: str
    path: str
    description: str
    fields: list[Field]
    answers: list[str]


class PlainDocs(DocsBase):
    """In place of ninja's page, whose scripts come from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """One page for the whole API, made from its description."""
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "title": api.title,
            "description": api.description,
            "description_url": self.get_openapi_url(api, kwargs),
            "routes": list(routes_of(schema)),
        }
        return render(request, "api/docs.html", context)


def describe_once(api: NinjaAPI) -> None:
    """Make the description at the first question and keep it for the life of the process.

    It never changes meanwhile and takes more than half a second, which anybody could ask for.
    """
    kept = cache(api.get_openapi_schema)
    vars(api)["get_openapi_schema"] = lambda **_: kept()


def routes_of(schema: Schema) -> Iterator[Route]:
    """Every address and method of an OpenAPI description, in its order."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield Route(
                method=method.upper(),
                path=path,
                description=operation.get("description") or operation.get("summary", ""),
                fields=[*_parameters(operation), *_body(schema, operation)],
                answers=sorted(map(str, operation.get("responses", {}))),
            )


def _parameters(operation: Schema) -> Iterator[Field]:
    for one in operation.get("parameters", []):
        yield _field(one["name"], one["in"], one.get("schema", {}), bool(one.get("required")))


def _body(schema: Schema, operation: Schema) -> Iterator[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = _resolved(schema, content.get("schema", {}))
        for name, one in body.get("properties", {}).items():
            yield _field(name, "body", one, name in body.get("required", []))


def _resolved(schema: Schema, one: Schema) -> Schema:
    name = one.get("$ref", "").rsplit("/", 1)[-1]
    found: Schema = schema.get("components", {}).get("schemas", {}).get(name, one)
    return found


def _field(name: str, place: str, one: Schema, required: bool) -> Field:
    return Field(name, place, _kind(one), required, one.get("description", ""))


def _kind(one: Schema) -> str:
    if "anyOf" in one:
        return " | ".join(map(_kind, one["anyOf"]))
    if "enum" in one:
        return " | ".join(map(str, one["enum"]))
    named = one.get("$ref", "").rsplit("/", 1)[-1]
    kind = str(one.get("format") or one.get("type") or named or "any")
    return f"{kind}[{_kind(one.get('items', {}))}]" if kind == "array" else kind
