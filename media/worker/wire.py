"""What control and a media worker say to each other over a local socket: one JSON value a message.

A message is its length in four bytes, big-endian, then UTF-8 JSON. Either end hangs up on anything else.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, MediaUnavailable
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaAnswer, MediaListener, MediaPlane, MediaWeather, PacketsSent
from cloudcourt.domain.recording import Readiness, RecorderHealth, SegmentClosed
from cloudcourt.domain.routing import Routing
from cloudcourt.domain.value import Value
from media.options import MediaOptions

MESSAGE_BYTES_LIMIT = 1_048_576
_LENGTH_BYTES = 4

Message = TypeVar("Message")


class MessageTooLong(Exception):
    """More than `MESSAGE_BYTES_LIMIT`; nothing was sent."""


# --- what control asks: each names the method of the MediaPlane port it stands for ---------------------------


class Open(Value):
    kind: Literal["open"] = "open"
    hearing: HearingMedia

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.open_hearing(self.hearing, listener)


class Connect(Value):
    kind: Literal["connect"] = "connect"
    hearing_id: HearingId
    participant_id: ParticipantId
    offer: str

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> MediaAnswer:
        return await plane.connect(self.hearing_id, self.participant_id, self.offer)


class Disconnect(Value):
    kind: Literal["disconnect"] = "disconnect"
    hearing_id: HearingId
    participant_id: ParticipantId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.disconnect(self.hearing_id, self.participant_id)


class SetRouting(Value):
    kind: Literal["set_routing"] = "set_routing"
    hearing_id: HearingId
    routing: Routing

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.set_routing(self.hearing_id, self.routing)


class CountPackets(Value):
    kind: Literal["packets_sent"] = "packets_sent"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> PacketsSent:
        return await plane.packets_sent(self.hearing_id)


class Preflight(Value):
    kind: Literal["preflight"] = "preflight"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> Readiness:
        return await plane.preflight(self.hearing_id)


class StartRecording(Value):
    kind: Literal["start_recording"] = "start_recording"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.start_recording(self.hearing_id)


class Mark(Value):
    kind: Literal["mark"] = "mark"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.mark(self.hearing_id)


class StopRecording(Value):
    kind: Literal["stop_recording"] = "stop_recording"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.stop_recording(self.hearing_id)


class Close(Value):
    kind: Literal["close"] = "close"
    hearing_id: HearingId

    async def carry_out(self, plane: MediaPlane, listener: MediaListener) -> None:
        await plane.close_hearing(self.hearing_id)


Ask = Annotated[
    Open | Connect | Disconnect | SetRouting | CountPackets | Preflight | StartRecording | Mark | StopRecording | Close,
    Field(discriminator="kind"),
]


class Start(Value):
    """The first message of control, once: answered by the first `Beat` when the ports are taken."""

    data_dir: Path
    options: MediaOptions


class Call(Value):
    """`number` comes back in the answer; after `deadline_s` the worker gives up by itself."""

    number: int
    deadline_s: float
    ask: Ask


# --- what a worker says --------------------------------------------------------------------------------------


class Done(Value):
    kind: Literal["done"] = "done"
    number: int
    value: dict[str, Any] | None
    """A MediaAnswer, a PacketsSent or a Readiness, where the call has an answer."""


class Refused(Value):
    """A CourtError, by its code."""

    kind: Literal["refused"] = "refused"
    number: int
    code: ErrorCode
    fields: dict[str, str | int | float | bool]

    def error(self) -> CourtError:
        """The same error as was raised in the worker."""
        kinds = {kind.code: kind for kind in CourtError.__subclasses__()}
        return kinds.get(self.code, MediaUnavailable)(**self.fields)


class Failed(Value):
    """A bug: the worker has logged it with this incident id."""

    kind: Literal["failed"] = "failed"
    number: int
    incident_id: str


class LinkChanged(Value):
    kind: Literal["link_changed"] = "link_changed"
    hearing_id: HearingId
    participant_id: ParticipantId
    connected: bool


class Weather(Value):
    kind: Literal["weather"] = "weather"
    hearing_id: HearingId
    weather: MediaWeather


class RecorderStalled(Value):
    kind: Literal["recorder_stalled"] = "recorder_stalled"
    hearing_id: HearingId
    since: datetime
    reason: str


class RecorderRecovered(Value):
    kind: Literal["recorder_recovered"] = "recorder_recovered"
    hearing_id: HearingId


class PicturesKept(Value):
    kind: Literal["pictures_kept"] = "pictures_kept"
    hearing_id: HearingId
    are_kept: bool


class SegmentTold(Value):
    kind: Literal["segment_told"] = "segment_told"
    hearing_id: HearingId
    segment: SegmentClosed


class Beat(Value):
    """Once a second, and before the answer to a call that starts or stops a recording: the worker lives."""

    kind: Literal["beat"] = "beat"
    health: dict[HearingId, RecorderHealth]
    cpu_s: float
    """Processor seconds spent since the worker began."""
    facts: dict[str, int]
    ports: str


HearingNotice = LinkChanged | Weather | RecorderStalled | RecorderRecovered | PicturesKept | SegmentTold
Notice = HearingNotice | Beat
Answer = Done | Refused | Failed

FROM_CONTROL: TypeAdapter[Call] = TypeAdapter(Call)
FIRST_FROM_CONTROL: TypeAdapter[Start] = TypeAdapter(Start)
FROM_WORKER: TypeAdapter[Answer | Notice] = TypeAdapter(Annotated[Answer | Notice, Field(discriminator="kind")])


class Wire:
    """One end of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, message: Value) -> None:
        """Queue a message; after the other end has gone, drop it. Raises MessageTooLong."""
        content = message.model_dump_json().encode()
        if len(content) > MESSAGE_BYTES_LIMIT:
            raise MessageTooLong(f"{len(content)} bytes")
        if not self._writer.is_closing():
            self._writer.write(len(content).to_bytes(_LENGTH_BYTES, "big") + content)

    async def receive(self, kind: TypeAdapter[Message]) -> Message:
        """The next message. Raises EOFError or OSError at the end, ValueError for what is no message of that kind."""
        length = int.from_bytes(await self._reader.readexactly(_LENGTH_BYTES), "big")
        if length > MESSAGE_BYTES_LIMIT:
            raise ValueError(f"a message of {length} bytes")
        return kind.validate_json(await self._reader.readexactly(length))

    @property
    def waiting_bytes(self) -> int:
        """How much the other end has not read yet, beyond what the system holds."""
        return self._writer.transport.get_write_buffer_size()

    def hang_up(self) -> None:
        """Say that nothing more will come from here; what the other end still says is heard."""
        if not self._writer.is_closing():
            self._writer.write_eof()

    def close(self) -> None:
        self._writer.close()
