"""A redacted film: cards and people left out in its picture, silence, tones and new mixes in its sound.

Every picture is coded anew, since one after a redaction may be made of those in it. Packets of sound that nothing
redacted reaches into are taken over as they are.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import av
from av.container import OutputContainer

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.redaction import RedactedSpan
from media.copies.hole_card import CardWords, told_card
from media.copies.picture_like import picture_like
from media.copies.redact_order import RedactOrder
from media.copies.redacted_sound import Mixes, redacted_packets
from media.copies.retelling import Retelling
from media.film.coding import SOUND_TICKS
from media.film.header import utc_offset
from media.film.layout import HEIGHT, WIDTH
from media.film.sounds import RATE_HZ
from media.film.timeline import FPS
from media.record.folders import FILM, HEARING
from media.record.hearing_facts import HearingFacts

_TOLD_EVERY_S = 2.0
OnProgress = Callable[[float], None]


def redact_film(order: RedactOrder, on_progress: OnProgress) -> None:
    """Write `order.out`, an MP4. Raises OSError, av.FFmpegError, ValueError for a film that isn't as ours are."""
    facts = HearingFacts.model_validate_json((order.record / HEARING).read_bytes())
    mixes = Mixes(lambda unheard: Retelling(order.record, facts, frozenset(), unheard))
    try:
        packets = redacted_packets(order.redactions, mixes)
    finally:
        mixes.close()
    options = {"movflags": "+faststart"}
    with av.open(order.record / FILM) as film, av.open(order.out, "w", format="mp4", options=options) as copy:
        copy.metadata["title"] = "遮蔽副本 Redacted copy"
        _copy(film, copy, packets, _Pictures(film.streams.video[0], copy, order, facts), on_progress)


def _copy(film: Any, copy: OutputContainer, coded: dict[int, bytes], pictures: "_Pictures", tell: OnProgress) -> None:
    sound = film.streams.audio[0] if film.streams.audio else None
    kept = None if sound is None else copy.add_stream_from_template(_checked(sound))
    whole_s = float((film.duration or 0) / av.time_base) or 1.0
    told_s = 0.0
    try:
        for packet in film.demux(*(stream for stream in (film.streams.video[0], sound) if stream is not None)):
            if packet.stream is sound:
                _pass_sound(packet, kept, copy, coded)
                continue
            done_s = pictures.take(packet)
            if done_s - told_s >= _TOLD_EVERY_S:
                told_s = done_s
                tell(min(0.98, done_s / whole_s))
        pictures.end()
    finally:
        pictures.close()


def _checked(sound: Any) -> Any:
    context = sound.codec_context
    if (context.name, context.sample_rate, context.layout.nb_channels) != ("aac", RATE_HZ, 1):
        raise ValueError("a film's sound is AAC, mono, 48 kHz")
    return sound


def _pass_sound(packet: Any, kept: Any, copy: OutputContainer, coded: dict[int, bytes]) -> None:
    """As it is, or the new packet of its number."""
    if packet.pts is None or packet.time_base is None:
        return
    new = coded.get(round(packet.pts * packet.time_base * RATE_HZ / SOUND_TICKS))
    sent = packet
    if new is not None:
        sent = av.Packet(new)
        sent.pts, sent.dts, sent.time_base, sent.duration = packet.pts, packet.dts, packet.time_base, packet.duration
    sent.stream = kept
    copy.mux(sent)


class _Pictures:
    """Codes every picture of the film anew, or its card, or the same moment without somebody."""

    def __init__(self, seen: Any, copy: OutputContainer, order: RedactOrder, facts: HearingFacts) -> None:
        self._copy, self._stream = copy, picture_like(seen, copy)
        self._spans = [one for one in order.redactions if one.means in ("blank", "cover")]
        self._card = partial(told_card, case_number=order.case_number, width=seen.width, height=seen.height)
        self._cards: dict[RedactedSpan, av.VideoFrame] = {}
        self._size = seen.width, seen.height
        self._retell = partial(Retelling, order.record, facts, unheard=frozenset())
        self._retelling: Retelling | None = None
        self._unseen: frozenset[ParticipantId] = frozenset()
        self._done_s = 0.0

    def take(self, packet: Any) -> float:
        """Code what comes of a packet; how far in the film it is, in seconds."""
        for frame in packet.decode():
            self._done_s = frame.time or 0.0
            shown = self._shown(frame, self._done_s)
            shown.pict_type = av.video.frame.PictureType.NONE
            self._copy.mux(self._stream.encode(shown))
        return self._done_s

    def end(self) -> None:
        """What the encoder holds back."""
        self._copy.mux(self._stream.encode(None))

    def close(self) -> None:
        """Let all files go."""
        if self._retelling is not None:
            self._retelling.close()
            self._retelling = None

    def _shown(self, frame: av.VideoFrame, at_s: float) -> av.VideoFrame:
        here = [one for one in self._spans if one.touches(at_s, at_s + 1 / FPS)]
        if not here:
            return frame
        blank = next((one for one in here if one.means == "blank"), None)
        if blank is not None:
            return _in_place_of(frame, self._blank(blank))
        unseen = frozenset(one.participant for one in here if one.participant is not None)
        told = self._without(unseen).moment(round(at_s * FPS))
        return frame if told is None else _in_place_of(frame, told[0])

    def _blank(self, one: RedactedSpan) -> av.VideoFrame:
        if one not in self._cards:
            self._cards[one] = self._card(card_words(one))
        return self._cards[one]

    def _without(self, unseen: frozenset[ParticipantId]) -> Retelling:
        if self._size != (WIDTH, HEIGHT):
            raise ValueError("the film is of another size than what is made anew")
        if self._retelling is None or unseen != self._unseen:
            self.close()
            self._retelling, self._unseen = self._retell(unseen), unseen
        assert self._retelling is not None  # noqa: S101 - made just now
        return self._retelling


def _in_place_of(frame: av.VideoFrame, shown: av.VideoFrame) -> av.VideoFrame:
    made = av.VideoFrame.from_ndarray(shown.to_ndarray(format="yuv420p"), format="yuv420p")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made


def card_words(one: RedactedSpan) -> CardWords:
    """What stands in place of a picture: when, and why; by whose order where a judge sealed it."""
    began, ended = one.began_at.astimezone(), one.ended_at.astimezone()
    times = f"{began:%Y-%m-%d}  {began:%H:%M:%S} – {ended:%H:%M:%S}  {utc_offset(began)}"
    title, english = ("已遮蔽", "Redacted") if one.order is None else ("依令封存", "Sealed by order")
    return CardWords(title, english, times, one.reason, "The record itself is unchanged")
