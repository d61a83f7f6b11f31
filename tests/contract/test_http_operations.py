"""What operators and other programs ask: readiness, figures, and the description of the API."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.api.application import ROUTES
from tests.bed.http_court import HttpCourt, open_court, schedule

pytestmark = pytest.mark.contract


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


async def test_a_ready_server_says_so_in_parts(court: HttpCourt) -> None:
    answer = await (await court.browser()).get("/healthz")
    assert answer.status == 200
    told = answer.json
    assert re.fullmatch(r"UDP and TCP \d+", told.pop("media_ports"))
    assert told == {"status": "ok", "parts": {"database": "ok", "disk": "ok", "media": "ok"}}


async def test_a_server_that_works_but_wants_looking_at_is_ready(tmp_path: Path, migrated_sqlite: Path) -> None:
    async def ailing() -> str:
        return "degraded"

    async with open_court(tmp_path, migrated_sqlite, probes={"media": ailing}) as court:
        answer = await (await court.browser()).get("/healthz")
    assert (answer.status, answer.json["status"], answer.json["parts"]) == (200, "degraded", {"media": "degraded"})


async def test_a_failing_part_is_named_and_nothing_more(tmp_path: Path, migrated_sqlite: Path) -> None:
    async def well() -> str:
        return "ok"

    async def full() -> str:
        return "disk_full"

    async def broken() -> str:
        raise OSError("password=hunter2")

    probes = {"database": well, "disk": full, "media": broken}
    async with open_court(tmp_path, migrated_sqlite, probes=probes) as court:
        answer = await (await court.browser()).get("/healthz")
    assert answer.status == 503
    assert answer.json["status"] == "not_ready"
    assert answer.json["parts"] == {"database": "ok", "disk": "disk_full", "media": "failed"}
    assert "hunter2" not in answer.content.decode()


async def test_a_part_that_never_answers_is_not_waited_for(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudcourt.api.operations.PROBE_DEADLINE_S", 0.05)
    never = asyncio.Event()

    async def hangs() -> str:
        await never.wait()
        return "ok"

    async with open_court(tmp_path, migrated_sqlite, probes={"media": hangs}) as court:
        answer = await (await court.browser()).get("/healthz")
    assert (answer.status, answer.json["parts"]) == (503, {"media": "failed"})


async def test_figures_count_by_route_and_state_and_name_nobody(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    for _ in range(3):
        await desk.get(f"/api/hearings/{hearing['id']}")
    await desk.get("/wp-login.php")
    await desk.ask("PROPFIND", "/api/cases")
    answer = await desk.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.content.decode()
    lines = text.splitlines()
    counted = 'cloudcourt_http_requests_total{method="GET",route="/api/hearings/{hearing_id}",status="200"} 3.0'
    assert counted in lines
    assert 'cloudcourt_http_requests_total{method="GET",route="unmatched",status="404"} 1.0' in lines
    assert 'cloudcourt_http_requests_total{method="other",route="unmatched",status="405"} 1.0' in lines
    assert 'cloudcourt_hearings{session="scheduled"} 1.0' in lines
    assert 'cloudcourt_media_worker_up{worker="0"} 1.0' in lines
    assert 'cloudcourt_media{fact="hearings",worker="0"} 0.0' in lines
    assert hearing["id"] not in text
    assert "wp-login" not in text


@pytest.fixture
async def document(court: HttpCourt) -> Any:
    answer = await (await court.browser()).get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json


def references(node: object) -> Iterator[str]:
    """Every `$ref` below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


async def test_the_description_is_whole(document: Any) -> None:
    assert document["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(document["info"])
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.startswith("#/components/schemas/"), reference
        assert reference.rpartition("/")[2] in schemas, reference
    assert all("$defs" not in json.dumps(schema) for schema in schemas.values())
    assert {"AskedCommand", "View", "EventView", "Manifest", "ErrorBody"} <= set(schemas)


async def test_every_route_is_described(document: Any) -> None:
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert described == {(route.method, route.path) for route in ROUTES}
    operation_ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(operation_ids)) == len(operation_ids)
    for path, item in document["paths"].items():
        for operation in item.values():
            in_path = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert path.count("{") == len(in_path)
            assert all(f"{{{name}}}" in path for name in in_path)
            assert all(parameter["required"] for parameter in operation["parameters"] if parameter["in"] == "path")
            assert "default" in operation["responses"]
            assert all(response["description"] for response in operation["responses"].values())
            schemes = {name for requirement in operation.get("security", []) for name in requirement}
            assert schemes <= set(document["components"]["securitySchemes"])


async def test_every_route_of_the_protocol_document_is_mounted() -> None:
    text = (Path(__file__).parents[2] / "docs/hearing-protocol.md").read_text()
    for route in ROUTES:
        path = route.path.replace("{hearing_id}", "{id}").replace("tracks/{file}", "tracks/{track_id}")
        recording = "/api/hearings/{id}/recording"
        names = {f"{route.method} {path}", f"{route.method} {path.replace(recording, '...' + '/recording')}", path}
        short = f"{route.method} .../recording{path.removeprefix(recording)}"
        assert any(name in text for name in (*names, short)), route.path
