"""`cloudcourt demo`: a seeded loan case with one join link per role, for trying the whole thing out.

Running it again gives the same case and the same links, until its hearing has ended: then the case gets a new
hearing. Because links are stored hashed, the demonstration keeps its own in `demo.json`, readable by the
server's user alone.
"""

import argparse
import asyncio
import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cloudcourt.app import open_store
from cloudcourt.domain.apply import replay
from cloudcourt.domain.case import Case, NewCase, PersonEntry
from cloudcourt.domain.errors import AlreadyExists, CourtError
from cloudcourt.domain.events import SYSTEM_ACTOR
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.observability.clock import SystemClock
from cloudcourt.settings import Settings
from cloudcourt.store.store import Store

DEMO_CASE = NewCase(
    case_number="（2026）云0101民初27号",
    cause="民间借贷纠纷",
    people=(
        PersonEntry(role=Role.JUDGE, name="陈明远"),
        PersonEntry(role=Role.CLERK, name="赵敏"),
        PersonEntry(role=Role.PLAINTIFF, name="李秀英"),
        PersonEntry(role=Role.DEFENDANT, name="王建国"),
    ),
)
"""A lender sues a truck driver who admits the debt and disputes the interest."""

STAFF_USER = "clerk"


class DemoNotes(BaseModel):
    """What `demo.json` keeps."""

    case_id: CaseId
    hearing_id: HearingId
    links: dict[str, str]
    staff_password: str


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Prepare the demonstration and print its links."""
    notes = asyncio.run(prepare(settings))
    if options.json:
        print(json.dumps(told(settings, notes), ensure_ascii=False))
    else:
        _print_for_people(settings, notes)
    return 0


def told(settings: Settings, notes: DemoNotes) -> dict[str, Any]:
    """What `--json` prints: `base_url`, `case_id`, `hearing_id`, and `links`, an address for each role."""
    base_url = settings.public_url or f"http://localhost:{settings.port}"
    links = {role: f"{base_url}/join#{token}" for role, token in notes.links.items()}
    return {"base_url": base_url, "case_id": notes.case_id, "hearing_id": notes.hearing_id, "links": links}


def _print_for_people(settings: Settings, notes: DemoNotes) -> None:
    demo = told(settings, notes)
    print(f"\nDemo case {DEMO_CASE.case_number} {DEMO_CASE.cause}. Join links, each for a tab of its own:\n")
    for role, link in demo["links"].items():
        print(f"  {role:<10} {link}")
    desk = f"{demo['base_url']}/desk"
    print(f"\n  clerk's desk and recordings: {desk}  (user {STAFF_USER}, password {notes.staff_password})\n")


async def prepare(settings: Settings) -> DemoNotes:
    """The demonstration as it stands in the data folder's store, made or renewed where it must be."""
    store = await open_store(settings)
    try:
        path = settings.data_dir / "demo.json"
        notes = _read(path)
        if notes is None or not await _still_good(store, notes, settings):
            notes = await _make(store, notes, settings)
            _write(path, notes)
        return notes
    finally:
        await store.close()


async def _still_good(store: Store, notes: DemoNotes, settings: Settings) -> bool:
    """The hearing goes on, lets people in as it is set now, and every link still opens its seat."""
    hearing = replay(await store.record.since(notes.hearing_id, 0))
    if hearing is None or hearing.is_over:
        return False
    if hearing.seq == 1 and hearing.check_in is not settings.check_in:
        return False
    try:
        for token in notes.links.values():
            await store.links.verify(token, now=SystemClock().now())
    except CourtError:
        return False
    return True


async def _make(store: Store, earlier: DemoNotes | None, settings: Settings) -> DemoNotes:
    now = SystemClock().now()
    case = await _demo_case(store)
    founded = await store.cases.add_hearing(
        case, now, at=now, actor=SYSTEM_ACTOR, check_in=settings.check_in, retention=settings.retention
    )
    hearing = replay(founded)
    if hearing is None:
        raise RuntimeError("scheduling stored no event")
    links = {
        person.role.value: await store.links.issue(
            hearing.id, ParticipantId(person.id), expires_at=now + timedelta(days=settings.link_days)
        )
        for person in hearing.seating
    }
    password = earlier.staff_password if earlier else await _add_clerk(store)
    return DemoNotes(case_id=case.id, hearing_id=hearing.id, links=links, staff_password=password)


async def _demo_case(store: Store) -> Case:
    for case in await store.cases.cases():
        if case.case_number == DEMO_CASE.case_number:
            return case
    return await store.cases.add_case(DEMO_CASE, at=SystemClock().now())


async def _add_clerk(store: Store) -> str:
    password = secrets.token_urlsafe(9)
    try:
        await store.staff.add(STAFF_USER, "书记员 赵敏", password, at=SystemClock().now())
    except AlreadyExists:
        return "as it was set"
    return password


def _read(path: Path) -> DemoNotes | None:
    try:
        return DemoNotes.model_validate_json(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _write(path: Path, notes: DemoNotes) -> None:
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(notes.model_dump_json(indent=1))
    part.replace(path)
