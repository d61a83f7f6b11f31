"""A party comes with Firefox, the judge with Chromium: both see and hear each other."""

import pytest

from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter, EnterByFirefox
from tests.e2e.test_three_in_court import hears_again, rises, seat_ids

pytestmark = pytest.mark.e2e

FIREFOX_TONE_HZ = 1000
"""Its made-up microphone."""


async def test_firefox_and_chromium_hold_a_hearing(
    server: CourtServer, enter: Enter, enter_by_firefox: EnterByFirefox
) -> None:
    demo = await server.demo()
    judge = await enter("judge")
    defendant = await enter_by_firefox("defendant")
    ids = await seat_ids(demo["links"], server.url)
    await judge.goes_in(demo["links"]["judge"])
    await defendant.goes_in(demo["links"]["defendant"])
    await defendant.sees("waiting-room")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    for person in (judge, defendant):
        await person.sees("courtroom")
        await person.does_not_see("countdown")
    for listener in (judge, defendant):
        await rises(listener, "frames", 40)
        await rises(listener, "audio", 100)
    await hears_again(defendant, ids["judge"], LOOKS["judge"].tone_hz)
    await hears_again(judge, ids["defendant"], FIREFOX_TONE_HZ)

    # The person's own microphone switch, pressed in Firefox, silences them at the judge.
    await defendant.presses("btn-mic")
    await judge.sees(f"badge-muted-{ids['defendant']}")
    await defendant.presses("btn-mic")
    await judge.does_not_see(f"badge-muted-{ids['defendant']}")
    await hears_again(judge, ids["defendant"], FIREFOX_TONE_HZ)

    await judge.closes_the_hearing()
    for person in (judge, defendant):
        await person.sees("closed-page")
        assert not person.complaints
