"""What a media worker and a hearing's mixer say to each other: a message is one packet of a local socket pair.

The mixer knows no people, only numbers that the worker gave them. All integers are big-endian.
"""

import struct
from typing import NamedTuple

from cloudcourt.domain.value import Value

MESSAGE_BYTES_LIMIT = 65_536
FRAME_TICKS = 960
"""20 ms at 48 kHz: what one mixed packet holds."""
PLAN, SOUND, MIXED = b"P", b"S", b"M"
_SOUND_HEAD = struct.Struct("!cH")
_MIXED_HEAD = struct.Struct("!cIHI")


class Mix(Value):
    """What one listener is to hear: the gain of each voice, by its number."""

    listener: int
    voices: dict[int, float]


class Plan(Value):
    """All mixes from now on; a listener or a voice that isn't named gets and gives nothing. `generation` only grows."""

    generation: int
    mixes: tuple[Mix, ...]

    def packed(self) -> bytes:
        return PLAN + self.model_dump_json().encode()


class Sound(NamedTuple):
    """One person's RTP packet, decrypted, on its way to the mixer."""

    source: int
    packet: bytes

    def packed(self) -> bytes:
        return _SOUND_HEAD.pack(SOUND, self.source) + self.packet


class Mixed(NamedTuple):
    """20 ms of Opus for one listener, made under that plan; `ticks` is its time at 48 kHz."""

    generation: int
    listener: int
    ticks: int
    payload: bytes

    def packed(self) -> bytes:
        return _MIXED_HEAD.pack(MIXED, self.generation, self.listener, self.ticks & 0xFFFFFFFF) + self.payload


def to_mixer(message: bytes) -> Plan | Sound:
    """Read what a worker says. Raises ValueError."""
    if message[:1] == PLAN:
        return Plan.model_validate_json(message[1:])
    if message[:1] == SOUND and len(message) > _SOUND_HEAD.size:
        return Sound(_SOUND_HEAD.unpack_from(message)[1], message[_SOUND_HEAD.size :])
    raise ValueError("not a message to a mixer")


def to_worker(message: bytes) -> Mixed:
    """Read what a mixer says. Raises ValueError."""
    if message[:1] != MIXED or len(message) <= _MIXED_HEAD.size:
        raise ValueError("not a message of a mixer")
    _, generation, listener, ticks = _MIXED_HEAD.unpack_from(message)
    return Mixed(generation, listener, ticks, message[_MIXED_HEAD.size :])
