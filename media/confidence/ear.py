"""Decodes one person's written sound and measures each second of it."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from math import log10, sqrt
from typing import NamedTuple

import av
import numpy as np

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.written import SILENCE_DBFS, VOICED_DBFS, WrittenSecond
from media.confidence.journal_tail import Written
from media.record.journal import EntryKind, read_loss
from media.record.packets import parse_rtp, signed_distance
from media.record.wall import as_datetime

SECOND_NS = 1_000_000_000
_FULL_SCALE = 0.99
_RATE_HZ = 48_000
_VOICED_POWER = 10 ** (VOICED_DBFS / 10)
"""Mean square of a frame at that level."""
_PLACES_KEPT = 4000


@dataclass
class _Second:
    """What was found of one second so far."""

    samples: int = 0
    squares: float = 0.0
    peak: float = 0.0
    clipped: int = 0
    packets: int = 0
    lost: int = 0
    voiced: int = 0


class _Sent(NamedTuple):
    """One packet of sound, and the second in which it arrived."""

    sequence: int
    second: int
    payload: bytes


class Ear:
    """Takes a track's entries as they come, and gives whole seconds once everything of them is there."""

    def __init__(self, participant_id: ParticipantId) -> None:
        self._participant_id = participant_id
        self._waiting: list[_Sent] = []
        self._second_of: OrderedDict[int, int] = OrderedDict()
        self._seconds: defaultdict[int, _Second] = defaultdict(_Second)
        self._decoder: av.AudioCodecContext = _decoder()
        self._given_until: int | None = None

    def take(self, written: Written) -> None:
        """One entry of the journal. Raises ValueError for one that can't be read."""
        second = written.wall_ns // SECOND_NS
        if written.kind is EntryKind.LOSS:
            first, count = read_loss(written.payload)
            # It is known 2 s later; it is missing where the packet before it is.
            missing_at = self._second_of.get((first - 1) & 0xFFFF, second)
            self._seconds[max(missing_at, self._given_until or 0)].lost += count
        elif written.kind is EntryKind.PACKET and (packet := parse_rtp(written.payload)) is not None:
            self._second_of[packet.sequence] = second
            self._second_of.move_to_end(packet.sequence)
            if len(self._second_of) > _PLACES_KEPT:
                self._second_of.popitem(last=False)
            if packet.payload:
                self._waiting.append(_Sent(packet.sequence, max(second, self._given_until or 0), packet.payload))

    def seconds(self, until_s: int, *, is_open: bool) -> list[WrittenSecond]:
        """Every second before `until_s` (since 1970) that was not given yet; silent ones only while it `is_open`."""
        due = [sent for sent in self._waiting if sent.second < until_s]
        self._waiting = [sent for sent in self._waiting if sent.second >= until_s]
        for sent in _in_order(due):
            self._hear(self._seconds[sent.second], sent.payload)
        known = [second for second in self._seconds if second < until_s]
        first = min(known, default=until_s) if self._given_until is None else self._given_until
        last = until_s if is_open or self._waiting else max([first, *(second + 1 for second in known)])
        if known or self._given_until is not None:
            self._given_until = last
        return [self._measured(second, self._seconds.pop(second, _Second())) for second in range(first, last)]

    def _hear(self, second: _Second, payload: bytes) -> None:
        second.packets += 1
        try:
            frames = self._decoder.decode(av.Packet(payload))
        except (av.FFmpegError, ValueError):
            self._decoder = _decoder()
            return
        for frame in frames:
            wave = np.abs(frame.to_ndarray().astype(np.float32)).max(axis=0)
            second.samples += len(wave)
            squares = float(np.square(wave).sum())
            second.squares += squares
            second.voiced += len(wave) if squares >= _VOICED_POWER * len(wave) else 0
            second.peak = max(second.peak, float(wave.max(initial=0.0)))
            second.clipped += int(np.count_nonzero(wave >= _FULL_SCALE))

    def _measured(self, at_s: int, second: _Second) -> WrittenSecond:
        rms = sqrt(second.squares / second.samples) if second.samples else 0.0
        return WrittenSecond(
            participant_id=self._participant_id,
            at=as_datetime(at_s * SECOND_NS),
            rms_dbfs=_dbfs(rms),
            peak_dbfs=_dbfs(second.peak),
            clipped=second.clipped,
            packets=second.packets,
            lost=second.lost,
            voiced_ms=round(second.voiced * 1000 / _RATE_HZ),
        )


def _in_order(packets: list[_Sent]) -> list[_Sent]:
    """As they were sent; repeats are left out."""
    if not packets:
        return []
    first = packets[0].sequence
    placed = {signed_distance(sent.sequence, first, 16): sent for sent in reversed(packets)}
    return [placed[place] for place in sorted(placed)]


def _decoder() -> av.AudioCodecContext:
    decoder = av.CodecContext.create("opus", "r")
    if not isinstance(decoder, av.AudioCodecContext):
        raise TypeError("opus is a sound codec")
    decoder.sample_rate = _RATE_HZ
    return decoder


def _dbfs(amplitude: float) -> float:
    return max(SILENCE_DBFS, round(20 * log10(amplitude), 1)) if amplitude > 0 else SILENCE_DBFS
