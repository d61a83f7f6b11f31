"""A track with holes: packets are left out, nothing is coded anew; sound is silent there, a picture stands still."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer

from media.copies.hole_card import title_of
from media.copies.hole_order import Hole, HoleOrder, touching

_FORMATS = {".webm": "webm", ".mkv": "matroska", ".ogg": "ogg"}
_SILENT_OPUS = b"\xf8\xff\xfe"
"""20 ms of nothing (RFC 6716 section 3.1: CELT, fullband, mono, one frame)."""
_SILENCE_S = 0.02


def cut_track(order: HoleOrder, out: Path) -> None:
    """Raises OSError, av.FFmpegError, KeyError."""
    with av.open(order.source) as track, av.open(out, "w", format=_FORMATS[order.source.suffix]) as copy:
        copy.metadata["title"] = title_of(order.holes)
        for stream in track.streams:
            kept = copy.add_stream_from_template(stream)
            is_sound = stream.type == "audio"
            packets = (packet for packet in track.demux(stream) if packet.pts is not None)
            _write(copy, kept, _with_silence(packets, order.holes) if is_sound else _pictures(packets, order.holes))


def _write(copy: OutputContainer, stream: Any, packets: "Iterator[av.Packet[Any]]") -> None:
    for packet in packets:
        packet.stream = stream
        copy.mux(packet)


def _pictures(packets: "Iterator[av.Packet[Any]]", holes: Sequence[Hole]) -> "Iterator[av.Packet[Any]]":
    """After a hole a picture that needs none before it comes first."""
    is_whole = True
    for packet in packets:
        if touching(holes, *_sounding(packet)) is not None:
            is_whole = False
        elif is_whole or packet.is_keyframe:
            is_whole = True
            yield packet


def _with_silence(packets: "Iterator[av.Packet[Any]]", holes: Sequence[Hole]) -> "Iterator[av.Packet[Any]]":
    """Each packet of a hole becomes a silent one."""
    for packet in packets:
        if touching(holes, *_sounding(packet)) is None:
            yield packet
            continue
        if packet.pts is None or packet.time_base is None:
            continue
        silent = av.Packet(_SILENT_OPUS)
        silent.pts = silent.dts = packet.pts
        silent.time_base, silent.duration = packet.time_base, round(_SILENCE_S / packet.time_base)
        yield silent


def _sounding(packet: "av.Packet[Any]") -> tuple[float, float]:
    """From when to when a packet lasts, in the file's seconds."""
    at_s = float((packet.pts or 0) * (packet.time_base or 0))
    length_s = float((packet.duration or 0) * (packet.time_base or 0))
    return at_s, at_s + max(length_s, _SILENCE_S)
