"""A film with holes: a card in place of the picture, silence in place of the sound; its length stays the same.

The picture is coded anew, since one after a hole may be made of those in it: of the court's own films only in the
pieces that a hole reaches into, of others everywhere. Sound outside is taken over as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import OutputContainer

from media.copies.film_pieces import Cards, PiecewisePictures, fresh, is_ours
from media.copies.hole_card import hole_card, title_of
from media.copies.hole_order import Hole, HoleOrder, touching
from media.copies.picture_like import picture_like

_TOLD_EVERY_S = 2.0
_AAC_SAMPLES = 1024


def cut_film(order: HoleOrder, out: Path, on_progress: Callable[[float], None]) -> None:
    """Raises OSError, av.FFmpegError, ValueError."""
    with av.open(order.source) as film, av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as copy:
        copy.metadata["title"] = title_of(order.holes)
        seen = film.streams.video[0]
        cards = {hole: hole_card(hole, order.case_number, seen.width, seen.height) for hole in order.holes}
        coding = PiecewisePictures if is_ours(seen) else _Pictures
        pictures, sounds = coding.of(seen, copy, order.holes, cards), _sounds(film.streams.audio, copy, order)
        whole_s = float((film.duration or 0) / av.time_base) or 1.0
        told_s = 0.0
        for packet in film.demux(film.streams.video[0], *film.streams.audio):
            if packet.stream.index in sounds:
                sounds[packet.stream.index].take(packet)
                continue
            done_s = pictures.take(packet)
            if done_s - told_s >= _TOLD_EVERY_S:
                told_s = done_s
                on_progress(min(0.99, done_s / whole_s))
        pictures.end()


@dataclass
class _Pictures:
    """Codes every picture of the film anew, or its card."""

    copy: OutputContainer
    stream: Any
    holes: Sequence[Hole]
    cards: Cards
    picture_s: float
    done_s: float = 0.0

    @classmethod
    def of(cls, seen: Any, copy: OutputContainer, holes: Sequence[Hole], cards: Cards) -> "_Pictures":
        return cls(copy, picture_like(seen, copy), holes, cards, float(1 / (seen.average_rate or 25)))

    def take(self, packet: "av.Packet[Any]") -> float:
        """Code what comes of a packet; how far in the film it is, in seconds."""
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                self._show(frame, frame.time or 0.0)
        return self.done_s

    def end(self) -> None:
        """Write what the encoder holds back."""
        self.copy.mux(self.stream.encode(None))

    def _show(self, frame: av.VideoFrame, at_s: float) -> None:
        self.done_s = at_s
        hole = touching(self.holes, at_s, at_s + self.picture_s)
        shown = frame if hole is None else self._card(hole, frame)
        shown.pict_type = av.video.frame.PictureType.NONE
        self.copy.mux(self.stream.encode(shown))

    def _card(self, hole: Hole, frame: av.VideoFrame) -> av.VideoFrame:
        card = fresh(self.cards[hole])
        card.pts, card.time_base = frame.pts, frame.time_base
        return card


@dataclass
class _Sound:
    """Takes packets over, and puts silent ones in place of those that sound within a hole."""

    copy: OutputContainer
    stream: Any
    holes: Sequence[Hole]
    silence: bytes
    packet_s: float

    def take(self, packet: "av.Packet[Any]") -> None:
        """A packet of AAC sounds a packet's length before its time too: neighbours overlap (ISO/IEC 14496-3)."""
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            return
        at_s = float(packet.pts * packet.time_base)
        sent = packet
        if touching(self.holes, at_s - self.packet_s, at_s + 2 * self.packet_s) is not None:
            sent = av.Packet(self.silence)
            sent.pts, sent.dts, sent.time_base = packet.pts, packet.dts, packet.time_base
            sent.duration = packet.duration
        sent.stream = self.stream
        self.copy.mux(sent)


def _sounds(streams: Sequence[Any], copy: OutputContainer, order: HoleOrder) -> dict[int, _Sound]:
    sounds = {}
    for stream in streams:
        if stream.codec_context.name != "aac":
            raise ValueError("a film's sound is AAC")
        rate, layout = stream.codec_context.sample_rate, stream.codec_context.layout.name
        silence, packet_s = _silent_packet(rate, layout), _AAC_SAMPLES / rate
        sounds[stream.index] = _Sound(copy, copy.add_stream_from_template(stream), order.holes, silence, packet_s)
    return sounds


def _silent_packet(rate: int, layout: str) -> bytes:
    """A packet from amid silence, after which and before which nothing sounds."""
    coder = av.AudioCodecContext.create("aac", "w")
    coder.sample_rate, coder.layout, coder.format = rate, layout, "fltp"
    channels = coder.layout.nb_channels
    packets = []
    for number in range(8):
        frame = av.AudioFrame.from_ndarray(np.zeros((channels, _AAC_SAMPLES), np.float32), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, number * _AAC_SAMPLES
        packets += [bytes(packet) for packet in coder.encode(frame)]
    return packets[-1]
