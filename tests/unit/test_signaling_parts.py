"""The signaling door's small parts: the packet filter, the bucket, the outbox, the schemas."""

import asyncio
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet

from cloudcourt.domain.errors import InvalidInput
from signaling import outbox as outboxes
from signaling.limits import TokenBucket
from signaling.outbox import Outbox
from signaling.packets import CLIENT_EVENTS, REFUSED, CourtPacket
from signaling.schema import Beat, CommandMessage, Handshake, IceServersAsked, MediaOffer, Resume, parsed

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "frame",
    [
        '2["connect",{"HTTP_COOKIE":"x"},{"role":"judge"}]',
        '2["disconnect",{}]',
        '2["__disconnect_final",{}]',
        '2["*",{}]',
        '2/other,["command",{}]',
        '2["command"]',
        '2["command",{},{}]',
        "2{}",
        "2[]",
        "2[1,2]",
        "2",
        "9",
        "x",
        '51-["command",{"_placeholder":true,"num":0}]',
        '599999-["command",{}]',
        "2" + "[" * 40_000,
        "2[" + "1" * 90_000 + "]",
        "0[1]",
        '2["refused",{}]',
        '3[{"surprise":1}]',
    ],
)
def test_what_a_client_may_not_send_becomes_refused(frame: str) -> None:
    got = CourtPacket(encoded_packet=frame)
    assert (got.packet_type, got.data, got.attachment_count) == (packet.EVENT, [REFUSED], 0)


def test_what_a_client_may_send_passes_unchanged() -> None:
    for event in CLIENT_EVENTS:
        got = CourtPacket(encoded_packet=f'27["{event}",{{"since":3}}]')
        assert (got.packet_type, got.id, got.data) == (packet.EVENT, 7, [event, {"since": 3}])
    handshake = CourtPacket(encoded_packet='0{"token":"t"}')
    assert (handshake.packet_type, handshake.data) == (packet.CONNECT, {"token": "t"})
    assert CourtPacket(encoded_packet="1").packet_type == packet.DISCONNECT
    assert CourtPacket(encoded_packet="35[]").packet_type == packet.ACK


@given(st.text())
def test_no_text_makes_the_filter_raise(frame: str) -> None:
    got = CourtPacket(encoded_packet="2" + frame)
    assert got.packet_type in (packet.EVENT, packet.CONNECT, packet.ACK, packet.DISCONNECT)


def test_the_bucket_lets_a_burst_through_and_then_strikes() -> None:
    bucket = TokenBucket(rate_per_s=0.0, burst=3)
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]
    assert bucket.strikes == 2


class Line:
    """A connection that acknowledges only when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, object]]] = []
        self.unacknowledged: list[Callable[[], None]] = []
        self.arrived = asyncio.Event()

    async def send(self, event: str, payload: dict[str, object], acknowledged: Callable[[], None] | None) -> None:
        assert acknowledged is not None
        self.sent.append((event, payload))
        self.unacknowledged.append(acknowledged)
        self.arrived.set()

    async def has_sent(self, count: int) -> None:
        while len(self.sent) < count:
            self.arrived.clear()
            await self.arrived.wait()


async def test_the_outbox_keeps_order_and_waits_for_acknowledgements() -> None:
    line = Line()
    outbox = Outbox(line.send, overflow=lambda: None)
    for number in range(outboxes.WINDOW + 5):
        outbox.put("court", {"seq": number})
    async with asyncio.TaskGroup() as crew:
        sender = crew.create_task(outbox.run())
        await line.has_sent(outboxes.WINDOW)
        outbox.put_if_idle("weather", {})
        await asyncio.sleep(0)
        assert len(line.sent) == outboxes.WINDOW, "the window is full"
        for acknowledged in line.unacknowledged[:5]:
            acknowledged()
        await line.has_sent(outboxes.WINDOW + 5)
        assert [payload["seq"] for _, payload in line.sent] == list(range(outboxes.WINDOW + 5))
        sender.cancel()


async def test_a_client_that_falls_too_far_behind_is_cut_once() -> None:
    cuts: list[str] = []
    outbox = Outbox(Line().send, overflow=lambda: cuts.append("cut"))
    for number in range(outboxes.CAPACITY + 10):
        outbox.put("court", {"seq": number})
    assert cuts == ["cut"]


def test_weather_is_dropped_while_anything_waits() -> None:
    outbox = Outbox(Line().send, overflow=lambda: None)
    outbox.put("court", {})
    outbox.put_if_idle("weather", {})
    assert len(outbox._waiting) == 1


@pytest.mark.parametrize(
    ("shape", "payload"),
    [
        (Handshake, {"token": "short", "protocol": 1}),
        (Handshake, {"token": "x" * 22, "protocol": 1, "role": "judge"}),
        (Handshake, None),
        (Handshake, {"token": "x" * 22, "protocol": 1, "page": "<script>"}),
        (Handshake, {"token": "x" * 22, "protocol": 1, "page": "x" * 65}),
        (Beat, {"n": -1}),
        (Beat, {"n": 1.5}),
        (Beat, {}),
        (IceServersAsked, {"participant_id": "p_judge"}),
        (Resume, {"since": -1}),
        (Resume, {"since": "1; drop"}),
        (Resume, {"since": float("nan")}),
        (CommandMessage, {"id": "11111111", "command": {"kind": "connected", "participant_id": "p"}}),
        (CommandMessage, {"id": "11111111", "command": {"kind": "admit", "participant_id": ["p"]}}),
        (CommandMessage, {"id": "11111111", "command": {"kind": "leave", "as": "judge"}}),
        (CommandMessage, {"id": "\u202e1111111", "command": {"kind": "leave"}}),
        (CommandMessage, {"id": "11111111", "command": {"kind": "call_recess", "note": "x" * 201}}),
        (MediaOffer, {"sdp": "v" * 140_000}),
        (MediaOffer, [1]),
    ],
)
def test_payloads_that_do_not_fit_name_the_field(shape: type, payload: object) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parsed(shape, payload)
    assert refusal.value.fields["where"]
    assert len(json.dumps(refusal.value.fields)) < 400
