"""One person's sound or picture as it arrives: its layers, their repair, key frames, and who takes them."""

import asyncio
import time
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import LineKind
from media import rtcp
from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming, StreamSpec, Tap, TapLabel
from media.engine.peers import EnginePeer
from media.key_frames import KeyFrameAsker
from media.rtp import CodecName, one_byte_extensions, payload_offset
from media.sdp import LEVEL_EXTENSION, REPAIRED_RID_EXTENSION, RID_EXTENSION, WIDE_EXTENSION, OfferedLine

_REPAIR_TURN_S = 0.02
STALLED_NS = 2_000_000_000
"""A layer of which nothing came for so long is not there: browsers stop layers that their link can't carry."""
MANY_MISSING = 30
"""At once: a link that was gone for a moment, not one that loses now and then."""
PAUSE_NS = 400_000_000
OVERTAKEN_BY = 8
"""So long without a packet of its own while so many come of lower layers: the layer was stopped by its source."""


class Layer:
    """One stream of a publication, and what was counted of it."""

    def __init__(self, stream: Incoming, asker: KeyFrameAsker) -> None:
        self.stream, self.asker = stream, asker
        self.bits_per_s = 0
        self.moved_ns = time.monotonic_ns()
        self.is_overtaken = False
        """Whether nothing comes of it while its lower neighbours go on: its source has stopped it."""
        self._octets = self._packets = self._lower_packets = 0

    def turn(self, now_ns: int, lower_packets: int) -> None:
        """Note whether it moves; `lower_packets` is what came of all lower layers so far."""
        if self.stream.packets != self._packets:
            self.moved_ns, self.is_overtaken = now_ns, False
            self._packets, self._lower_packets = self.stream.packets, lower_packets
        elif now_ns - self.moved_ns > PAUSE_NS and lower_packets - self._lower_packets >= OVERTAKEN_BY:
            self.is_overtaken = True

    def second_passed(self, seconds: float) -> None:
        octets = self.stream.octets
        now = int((octets - self._octets) * 8 / seconds)
        # Grows at once, shrinks slowly: a still picture is cheap, but the next movement won't be.
        self.bits_per_s = max(now, (self.bits_per_s * 7 + now) // 8)
        self._octets = octets

    def is_stalled(self, now_ns: int) -> bool:
        return self.is_overtaken or now_ns - self.moved_ns > STALLED_NS


class Subscriber(Protocol):
    """Whoever takes a publication and must look anew when its layers change."""

    def layers_changed(self) -> None: ...


class RecorderEars(Protocol):
    """What a publication tells the recorder outside of its ring."""

    def sender_report(
        self, source: ParticipantId, kind: LineKind, ntp: int, rtp_timestamp: int, arrived_ns: int
    ) -> None: ...


class Publication:
    """Belongs to one connection of its source; a later connection brings another one.

    Layers are numbered from the lowest; without simulcast there is one.
    """

    def __init__(
        self,
        source: ParticipantId,
        kind: LineKind,
        line: OfferedLine,
        peer: EnginePeer,
        engine: PacketEngine,
        *,
        reporter: int,
    ) -> None:
        self.source, self.kind, self.mid = source, kind, line.mid
        codec = line.codecs[0]
        self.codec: CodecName = codec.name
        self.rids = line.layers
        self.layers: list[Layer | None] = [None] * max(1, len(line.layers))
        self.has_wide_feedback = WIDE_EXTENSION in line.extensions
        self.rtt_ms: int | None = None
        self._peer, self._engine, self._reporter = peer, engine, reporter
        self._spec = StreamSpec(
            codec.name,
            codec.payload_type,
            codec.repair_payload_type,
            "nack" in codec.feedback,
            line.extensions.get(LEVEL_EXTENSION),
            line.extensions.get(WIDE_EXTENSION),
        )
        self._rid_ids = line.extensions.get(RID_EXTENSION), line.extensions.get(REPAIRED_RID_EXTENSION)
        self._subscribers: tuple[Subscriber, ...] = ()
        self._tap: tuple[Tap, RecorderEars] | None = None
        self._tapped: Layer | None = None
        self._repair_timer: asyncio.TimerHandle | None = None
        self._asking: dict[int, Incoming] = {}

    # --- who takes it ----------------------------------------------------------------------------------

    def add(self, subscriber: Subscriber) -> None:
        self._subscribers = (*self._subscribers, subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)

    def stream_at(self, layer: int) -> Layer | None:
        """The layer of that number; the next lower, or else the next higher one, while it isn't there."""
        now_ns = time.monotonic_ns()
        there = [one for one in self.layers if one is not None]
        alive = [one for one in there if not one.is_stalled(now_ns)] or there
        lower = [one for one in alive if self.layers.index(one) <= layer]
        return lower[-1] if lower else next(iter(alive), None)

    def set_tap(self, tap: Tap | None, ears: RecorderEars | None = None) -> None:
        """From here on, the best layer's packets go into the tap's ring too."""
        if (tap and tap.ring) is (self._tap and self._tap[0].ring):
            return
        self._tap = None if tap is None or ears is None else (tap, ears)
        if self._tap is None:
            for layer in self.layers:
                if layer is not None:
                    self._engine.set_tap(layer.stream, None)
            self._tapped = None
        else:
            self._tap_best()

    def label(self) -> TapLabel:
        return TapLabel(self.source, self.kind, self.codec)

    def _tap_best(self) -> None:
        best = self.stream_at(len(self.layers) - 1)
        if self._tap is None or best is None or best is self._tapped:
            return
        tap, ears = self._tap
        there = [one.stream for one in self.layers if one is not None]
        copied = next((stream for stream in there if stream.tap is not None), None)
        for stream in there:
            if stream is not copied:
                self._engine.set_tap(stream, None)  # whatever waited for a key frame there
        self._engine.set_tap(best.stream, tap, instead_of=copied)
        self._tapped = best
        self._request(best)
        if (report := best.stream.report) is not None:
            ears.sender_report(self.source, self.kind, report.ntp, report.timestamp, best.stream.report_ns)

    # --- streams ---------------------------------------------------------------------------------------

    def takes(self, payload_type: int) -> bool:
        return payload_type in (self._spec.payload_type, self._spec.repair_payload_type)

    def declares(self, packet: bytes) -> bool:
        """Declare the stream of this packet. False when it can't be one of ours.

        More packets of a stream may wait behind the one that declared it.
        """
        is_repair = packet[1] & 0x7F == self._spec.repair_payload_type
        ssrc, seq = int.from_bytes(packet[8:12], "big"), int.from_bytes(packet[2:4], "big")
        known = self._peer.repairs if is_repair else self._peer.streams
        if ssrc in known:
            return known[ssrc].spec is self._spec
        number = self._layer_of(packet, is_repair)
        if number is None:
            return False
        layer = self.layers[number]
        if is_repair:
            if layer is None:
                return False
            self._engine.add_repairs(layer.stream, ssrc)
        else:
            self._new_stream(number, ssrc, seq)
        return True

    def _layer_of(self, packet: bytes, is_repair: bool) -> int | None:
        if not self.rids:
            return 0
        number = self._rid_ids[is_repair]
        if number is None or (offset := payload_offset(packet)) < 0:
            return None
        if (found := one_byte_extensions(packet, offset).get(number)) is None:
            return None
        rid = packet[found[0] : found[0] + found[1]].decode("ascii", "replace")
        return self.rids.index(rid) if rid in self.rids else None

    def _new_stream(self, number: int, ssrc: int, seq: int) -> None:
        if (old := self.layers[number]) is not None:
            old.asker.close()
            self._engine.remove_stream(old.stream)
            if old is self._tapped:
                self._tapped = None
        stream = self._engine.add_stream(self._peer, ssrc, self._spec, seq)
        self.layers[number] = Layer(stream, KeyFrameAsker(stream, self._send_picture_loss))
        for subscriber in self._subscribers:
            subscriber.layers_changed()
        self._tap_best()

    def note_report(self, report: rtcp.SenderReport, now_ns: int) -> Incoming | None:
        """A sender report; the stream it speaks of, if it is one of ours."""
        layer = next((one for one in self.layers if one is not None and one.stream.ssrc == report.ssrc), None)
        if layer is None:
            return None
        layer.stream.report, layer.stream.report_ns = report, now_ns
        if self._tap is not None and layer is self._tapped:
            self._tap[1].sender_report(self.source, self.kind, report.ntp, report.timestamp, now_ns)
        return layer.stream

    def report_blocks(self, now_ns: int) -> list[rtcp.ReceiverReport]:
        """How the streams arrived since the last call."""
        blocks = []
        for layer in self.layers:
            if layer is None:
                continue
            stream, last, delay = layer.stream, 0, 0
            if stream.report is not None:
                last = stream.report.ntp >> 16 & 0xFFFFFFFF
                delay = (now_ns - stream.report_ns) * 65536 // 1_000_000_000
            blocks.append(rtcp.ReceiverReport(stream.ssrc, *stream.loss.report(), last, delay))
        return blocks

    # --- key frames and repair -------------------------------------------------------------------------

    def request_key_frame(self, stream: Incoming | None = None) -> None:
        """Of one layer, or of the one that the recorder takes."""
        if stream is None:
            if self._tapped is not None:
                self._request(self._tapped)
            return
        for layer in self.layers:
            if layer is not None and layer.stream is stream:
                self._request(layer)

    def path_moved(self) -> None:
        """The source goes another way: what was on the old one is lost."""
        for layer in self.layers:
            if layer is not None:
                self._request(layer)

    def _request(self, layer: Layer) -> None:
        if self.kind != "audio":
            layer.asker.wish()

    def _send_picture_loss(self, stream: Incoming) -> None:
        self._engine.send_rtcp(self._peer, rtcp.picture_loss(self._reporter, stream.ssrc))

    def turn(self, now_ns: int) -> None:
        """Ten times a second: notice layers that their source stopped or took up again."""
        lower_packets, has_changed = 0, False
        for layer in self.layers:
            if layer is not None:
                was_stalled = layer.is_overtaken
                layer.turn(now_ns, lower_packets)
                lower_packets += layer.stream.packets
                has_changed = has_changed or layer.is_overtaken != was_stalled
        if has_changed:
            for subscriber in self._subscribers:
                subscriber.layers_changed()
            self._tap_best()

    def second_passed(self, seconds: float) -> None:
        """Count, and remind: whoever still waits for a key frame, waits for a lost one."""
        for layer in self.layers:
            if layer is None:
                continue
            layer.second_passed(seconds)
            if layer.stream.aspirants or layer.stream.next_tap is not None:
                self._request(layer)
        self._tap_best()

    def packets_missing(self, stream: Incoming) -> None:
        """Ask for them again; where many are missing, repairs will come too late for whoever watches."""
        self._asking[stream.ssrc] = stream
        if stream.loss.missing > MANY_MISSING:
            self.request_key_frame(stream)
        if self._repair_timer is None:
            self._repair_timer = asyncio.get_running_loop().call_later(_REPAIR_TURN_S, self._ask_for_lost)

    def _ask_for_lost(self) -> None:
        self._repair_timer = None
        now_ns = time.monotonic_ns()
        for ssrc, stream in list(self._asking.items()):
            given_up = stream.loss.given_up
            if lost := stream.loss.due(now_ns, self.rtt_ms):
                self._engine.send_rtcp(self._peer, rtcp.nack(self._reporter, ssrc, lost))
            if stream.loss.given_up != given_up:
                self.request_key_frame(stream)
            if not stream.loss.waits:
                stream.is_asking = False
                del self._asking[ssrc]
        if self._asking:
            self._repair_timer = asyncio.get_running_loop().call_later(_REPAIR_TURN_S, self._ask_for_lost)

    def close(self) -> None:
        """Stop the timers and let everybody go."""
        self._subscribers, self._tap = (), None
        if self._repair_timer is not None:
            self._repair_timer.cancel()
        for layer in self.layers:
            if layer is not None:
                layer.asker.close()
                self._engine.remove_stream(layer.stream)
