"""How the film sounds: everybody about equally loud, pauses left quiet, never clipped, and the same after a restart."""

import numpy as np
import pytest

from media.film.limiter import CEILING, Limiter
from media.film.loudness import SILENCE_LUFS, loudness
from media.film.sounds import RATE_HZ, Wave
from media.film.stage import FRAME_SAMPLES
from media.film.voice import TARGET_LUFS, Voice, VoiceMemory
from tests.bed.speech import noise, speech

pytestmark = pytest.mark.unit
SECOND = RATE_HZ // FRAME_SAMPLES


def frames(wave: Wave) -> list[Wave]:
    return [wave[at : at + FRAME_SAMPLES] for at in range(0, len(wave) - FRAME_SAMPLES + 1, FRAME_SAMPLES)]


def heard(voice: Voice, wave: Wave) -> Wave:
    return np.concatenate([voice.hear(frame) for frame in frames(wave)])


def speech_lufs(wave: Wave) -> float:
    """Loudness of what is spoken: of 400 ms blocks, those within 10 LU of the mean (BS.1770's relative gate)."""
    powers = [10 ** (loudness(wave[at : at + 19_200]) / 10) for at in range(0, len(wave) - 19_200, 4_800)]
    loud = [power for power in powers if power > np.mean(powers) / 10]
    return float(10 * np.log10(np.mean(loud)))


def sine(hz: float, seconds: float = 0.4) -> Wave:
    wave: Wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ).astype(np.float32)
    return wave


def crowd(seconds: float) -> Wave:
    together: Wave = np.sum([speech(seconds, voice=n, db=12) for n in range(3)], axis=0, dtype=np.float32)
    return together


def test_loudness_is_that_of_bs_1770() -> None:
    assert loudness(sine(997)) == pytest.approx(-3.01, abs=0.05)
    assert loudness(sine(997) * np.float32(0.1)) == pytest.approx(-23.01, abs=0.05)
    assert loudness(sine(4000)) == pytest.approx(0.3, abs=0.3), "the shelf lifts what is high"
    assert loudness(sine(40)) < -7, "and rumble hardly counts"
    assert loudness(np.zeros(FRAME_SAMPLES, np.float32)) == loudness(np.zeros(0, np.float32)) == SILENCE_LUFS


@pytest.mark.parametrize("person", [0, 1])
@pytest.mark.parametrize("db", [-12.0, -6.0, 0.0, 10.0])
def test_quiet_and_loud_speakers_come_out_about_equally_loud(person: int, db: float) -> None:
    spoken = speech(16, voice=person, db=db)
    later = heard(Voice(), spoken)[-5 * RATE_HZ :]
    assert speech_lufs(later) == pytest.approx(TARGET_LUFS, abs=2.5)


def test_a_pause_stays_as_quiet_as_it_is() -> None:
    voice = Voice()
    heard(voice, speech(10, db=-15, noise_db=-65))
    before = voice.memory().gain_db
    assert before > 3, "the quiet voice is lifted"
    pause = noise(30, -65, seed=5)
    kept = heard(voice, pause)
    assert voice.memory().gain_db == before, "nothing moves while nobody speaks"
    np.testing.assert_allclose(kept, pause * 10 ** (before / 20), rtol=1e-4, atol=1e-7)


def test_a_noisy_room_is_not_lifted_with_its_voice() -> None:
    quiet_room, noisy_room = Voice(), Voice()
    heard(quiet_room, speech(30, db=-18, noise_db=-75))
    heard(noisy_room, speech(30, db=-18, noise_db=-56))
    assert noisy_room.memory().gain_db < quiet_room.memory().gain_db - 3
    assert loudness(heard(noisy_room, noise(2, -56, seed=9))) < -38


def test_the_gain_has_no_steps() -> None:
    wave = np.concatenate([sine(700, 3) * np.float32(0.02), sine(700, 3) * np.float32(0.6)])
    ratio = heard(Voice(), wave)
    usable = np.abs(wave) > 0.01
    gains = ratio[usable] / wave[usable]
    assert gains.max() > 1.2 and gains.min() < 0.5, "it does move"
    assert np.abs(np.diff(gains)).max() < 0.01


@pytest.mark.parametrize("split", [1, 40, 137, 250])
def test_a_voice_goes_on_after_a_restart_as_if_there_was_none(split: int) -> None:
    wave = frames(speech(12, voice=1, db=-10))
    whole = Voice()
    expected = [whole.hear(frame) for frame in wave]
    first = Voice()
    for frame in wave[:split]:
        first.hear(frame)
    again = Voice(VoiceMemory.model_validate_json(first.memory().model_dump_json()))
    for number, frame in enumerate(wave[split:], split):
        np.testing.assert_array_equal(again.hear(frame), expected[number])
    assert again.memory() == whole.memory()


def test_speech_is_told_from_noise_clicks_and_silence() -> None:
    def share(wave: Wave) -> float:
        voice = Voice()
        told = []
        for frame in frames(wave):
            voice.hear(frame)
            told.append(voice.speaks)
        return float(np.mean(told))

    clicks = noise(10, -70)
    clicks[:: 2 * RATE_HZ] = 0.9
    assert share(speech(10)) > 0.25
    assert share(speech(10, db=-12)) > 0.15
    assert share(noise(20, -50)) == share(clicks) == share(np.zeros(5 * RATE_HZ, np.float32)) == 0


def test_the_sum_never_clips_and_what_is_quiet_is_left_alone() -> None:
    limiter = Limiter()
    quiet = frames(speech(2))
    for frame in quiet:
        assert limiter.limit(frame) is frame
    shouting = crowd(4)
    assert np.abs(shouting).max() > 1.5
    limited = np.concatenate([limiter.limit(frame) for frame in frames(shouting)])
    assert np.abs(limited).max() < 1.0
    assert np.abs(limited).max() > 0.7 * CEILING, "it isn't silenced either"
    for frame in quiet[:SECOND]:
        limiter.limit(frame)
    assert limiter.gain == 1.0, "a second later it is over"


def test_the_limiter_goes_on_after_a_restart() -> None:
    shouting = frames(crowd(3))
    whole, first = Limiter(), Limiter()
    expected = [whole.limit(frame) for frame in shouting]
    for frame in shouting[:30]:
        first.limit(frame)
    again = Limiter(first.gain)
    for number, frame in enumerate(shouting[30:], 30):
        np.testing.assert_array_equal(again.limit(frame), expected[number])
