"""What of a record a reader is given: the file itself, or a copy of it in which what is sealed by order is a hole."""

import asyncio
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from cloudcourt.api.access import Reader
from cloudcourt.api.routes import Body, Call
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.program import ProgramChunk
from cloudcourt.domain.record_errors import RecordWithheld
from cloudcourt.domain.record_orders import SealedSpan, sealed_spans


async def shown_file(call: Call[Body, Reader], name: str) -> PurePath:
    """Where the bytes are that this reader may have. Raises NotFound, RecordWithheld while there are none."""
    house, hearing_id = call.house, HearingId(call.named("hearing_id"))
    found = await asyncio.to_thread(house.record_room.file, hearing_id, name)
    if found is None:
        raise NotFound
    if not (spans := await withheld_spans(call)):
        return found
    manifest = await house.record_room.manifest(await house.court.hearing(hearing_id))
    shown = await house.withheld.without(manifest, name, spans)
    if shown is None:
        raise RecordWithheld
    return shown


async def withheld_spans(call: Call[Any, Any]) -> tuple[SealedSpan, ...]:
    """What is sealed to whoever asks: nothing to those who may see it."""
    if isinstance(call.who, Reader) and call.who.sees_sealed:
        return ()
    return sealed_spans(await call.house.orders.orders(HearingId(call.named("hearing_id"))))


def open_chunks(chunks: Iterable[ProgramChunk], spans: tuple[SealedSpan, ...]) -> tuple[ProgramChunk, ...]:
    """The pieces of a program that show nothing sealed."""
    return tuple(chunk for chunk in chunks if not any(span.touches(chunk.began_at, chunk.ended_at) for span in spans))
