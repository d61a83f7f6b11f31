"""Codes anew only those pieces of a film that a hole reaches into: a piece begins with a picture that needs no other.

The court's own films are made so (`media.film.coding`: at most 4 s a piece, no picture before it is needed), and a
piece that is coded by the same coder fits into them. Other films can't be cut up so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import av
from av.container import OutputContainer

from media.copies.hole_order import Hole, touching
from media.film.coding import coded_pictures, film_head
from media.film.timeline import FPS

_PICTURE_S = 1 / FPS
Cards = dict[Hole, av.VideoFrame]


def fresh(card: av.VideoFrame) -> av.VideoFrame:
    """A picture of its own with what the card shows: an encoder keeps those that it is given."""
    return av.VideoFrame.from_ndarray(card.to_ndarray(), format="yuv420p")


def is_ours(seen: Any) -> bool:
    """Whether a film's pictures were coded as ours are: its parameter sets are those that our coder uses."""
    parameters = bytes(seen.codec_context.extradata or b"")
    return bool(parameters) and parameters in film_head().content


@dataclass
class PiecewisePictures:
    """Takes a film's picture packets, and writes what may be shown of them."""

    copy: OutputContainer
    seen: Any
    stream: Any
    holes: Sequence[Hole]
    cards: Cards
    coded_anew: int = 0
    """Pictures that were."""
    _piece: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, seen: Any, copy: OutputContainer, holes: Sequence[Hole], cards: Cards) -> "PiecewisePictures":
        return cls(copy, seen, copy.add_stream_from_template(seen), holes, cards)

    def take(self, packet: "av.Packet[Any]") -> float:
        """A packet more, the empty one at the end too; how far in the film it is, in seconds."""
        if packet.dts is None or packet.is_keyframe:
            self._write()
        if packet.dts is not None:
            self._piece.append(packet)
        return _second(self._piece[0]) if self._piece else 0.0

    def end(self) -> None:
        """Write what is left."""
        self._write()

    def _write(self) -> None:
        piece, self._piece = self._piece, []
        if not piece:
            return
        packets = piece
        if touching(self.holes, _second(piece[0]), _second(piece[-1]) + _PICTURE_S) is not None:
            packets = self._anew(piece)
        for packet in packets:
            packet.stream = self.stream
            self.copy.mux(packet)

    def _anew(self, piece: Sequence[Any]) -> "list[av.Packet[Any]]":
        """Raises ValueError where the piece can't stand alone."""
        made = coded_pictures(self._shown(piece))
        if len(made) != len(piece):
            raise ValueError("a piece of the film is not whole")
        self.coded_anew += len(made)
        packets = []
        for number, (content, old) in enumerate(zip(made, piece, strict=True)):
            packet: av.Packet[Any] = av.Packet(content)
            packet.pts, packet.dts, packet.time_base, packet.duration = old.pts, old.dts, old.time_base, old.duration
            packet.is_keyframe = number == 0
            packets.append(packet)
        return packets

    def _shown(self, piece: Sequence[Any]) -> Iterator[av.VideoFrame]:
        """The pictures, and within a hole its card."""
        reader = av.VideoCodecContext.create("h264", "r")
        reader.extradata = self.seen.codec_context.extradata
        frames = (frame for packet in (*piece, None) for frame in reader.decode(packet))
        for packet, frame in zip(piece, frames, strict=True):
            at_s = _second(packet)
            hole = touching(self.holes, at_s, at_s + _PICTURE_S)
            shown = frame if hole is None else fresh(self.cards[hole])
            shown.pict_type = av.video.frame.PictureType.NONE
            yield shown


def _second(packet: Any) -> float:
    return float(packet.pts * packet.time_base)
