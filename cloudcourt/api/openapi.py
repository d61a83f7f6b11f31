"""The OpenAPI 3.1 document, made from the route table and the models it names."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from cloudcourt import __version__
from cloudcourt.api.access import STAFF_COOKIE, record_cookie
from cloudcourt.api.answers import ErrorBody, Nothing
from cloudcourt.api.routes import Route
from cloudcourt.domain.ids import HearingId

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
Key = tuple[str, Mode]

_REF = "#/components/schemas/{model}"
_SECURITY_SCHEMES: Json = {
    "staff": {"type": "apiKey", "in": "cookie", "name": STAFF_COOKIE, "description": "Set by POST /api/session."},
    "record": {
        "type": "apiKey",
        "in": "cookie",
        "name": record_cookie(HearingId("{hearing_id}")),
        "description": "Set by POST /api/join for a judge or a clerk.",
    },
    "visitor": {"type": "http", "scheme": "bearer", "description": "A ticket from POST .../gallery/seat."},
    "seat": {"type": "http", "scheme": "bearer", "description": "A seat token or a link token of the hearing."},
}


def openapi(routes: Iterable[Route], extra_schemas: Mapping[str, Any]) -> Json:
    """The whole document as JSON values. `extra_schemas` maps a component's name to its type."""
    table = tuple(routes)
    types = _types_of(table)
    extras: dict[Key, Any] = {(name, "validation"): kind for name, kind in extra_schemas.items()}
    inputs = [(name, mode, TypeAdapter(kind)) for (name, mode), kind in {**extras, **types}.items()]
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    components: Json = dict(definitions.get("$defs", {}))
    for key in extras:
        # A type that isn't a model, such as a union, is no component yet.
        components.setdefault(key[0], schemas[key])
    paths: Json = {}
    for route in table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "cloudcourt", "version": __version__, "description": "See docs/hearing-protocol.md."},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
    }


def _types_of(routes: Iterable[Route]) -> dict[Key, type[BaseModel]]:
    types: dict[Key, type[BaseModel]] = {_key(ErrorBody, "serialization"): ErrorBody}
    for route in routes:
        if route.body is not Nothing:
            types[_key(route.body, "validation")] = route.body
        if (model := route.answer_model) is not None:
            types[_key(model, "serialization")] = model
    return types


def _operation(route: Route, schemas: Mapping[Key, Json]) -> Json:
    operation: Json = {
        "operationId": route.handle.__name__,
        "summary": route.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _parts(route)),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in route.query),
        ],
        "responses": {
            str(route.status): _answer(route, schemas),
            "default": _described("An error.", ErrorBody, "serialization", schemas),
        },
    }
    if route.body is not Nothing:
        body = _described("", route.body, "validation", schemas)
        operation["requestBody"] = {"required": True, "content": body["content"]}
    if route.access.schemes:
        operation["security"] = [{scheme: []} for scheme in route.access.schemes]
    return operation


def _answer(route: Route, schemas: Mapping[Key, Json]) -> Json:
    if (model := route.answer_model) is not None:
        return _described(route.summary, model, "serialization", schemas)
    answer: Json = {"description": route.summary}
    if route.returns is not Nothing:
        answer["content"] = {media_type: {} for media_type in route.media_types}
    return answer


def _described(text: str, model: type[BaseModel], mode: Mode, schemas: Mapping[Key, Json]) -> Json:
    return {"description": text, "content": {"application/json": {"schema": schemas[_key(model, mode)]}}}


def _key(model: type[BaseModel], mode: Mode) -> Key:
    return (model.__name__, mode)


def _parts(route: Route) -> list[str]:
    return re.findall(r"\{(\w+)\}", route.path)
