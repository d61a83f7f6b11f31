"""A phone on a lossy link, then on one that narrows: the sound goes on, the picture comes back."""

import asyncio
from pathlib import Path

import pytest

from tests.bed.distant_hearing import WIFI, distant_hearing
from tests.bed.media_watch import Received
from tests.bed.namespace import needs_namespaces

pytestmark = [pytest.mark.e2e, needs_namespaces]

STEADY_S = 8
AUDIO_PACKETS_PER_S = 50
SILENCE_MS = 1000
"""So long without one packet of sound would be heard as having stopped."""


def sound_went_on(received: Received, seconds: float, share: float) -> None:
    """At least that share of the packets came, and never was there silence."""
    assert received.audio_packets > share * seconds * AUDIO_PACKETS_PER_S, received
    assert received.audio_gap_ms < SILENCE_MS, received


async def test_sound_goes_on_at_ten_percent_loss_and_the_picture_comes_back(tmp_path: Path) -> None:
    async with distant_hearing(tmp_path, is_lively=True) as hearing:
        await hearing.bed.use_profile(WIFI, "lossy10")
        await hearing.resets()
        await asyncio.sleep(STEADY_S)
        for received in await hearing.received():
            sound_went_on(received, STEADY_S, 0.75)
            assert received.pictures > STEADY_S, "moving, if not smoothly"
        await hearing.bed.use_profile(WIFI, "clean")
        await hearing.resets()
        await hearing.flows()
        assert "Traceback" not in hearing.server.log()


async def test_sound_goes_on_when_the_link_narrows_and_the_picture_comes_back(tmp_path: Path) -> None:
    async with distant_hearing(tmp_path, is_lively=True) as hearing:
        await hearing.bed.change(WIFI, rate_kbps=2000, queue_ms=500)
        await asyncio.sleep(2)
        await hearing.bed.change(WIFI, rate_kbps=200, queue_ms=500)
        await hearing.resets()
        await asyncio.sleep(STEADY_S)
        for received in await hearing.received():
            sound_went_on(received, STEADY_S, 0.6)
        await hearing.bed.change(WIFI, rate_kbps=2000, queue_ms=500)
        await hearing.resets()
        await hearing.flows()
        assert "Traceback" not in hearing.server.log()
