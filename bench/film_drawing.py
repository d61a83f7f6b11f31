"""What drawing and mixing the film cost: `python -m bench.film_drawing [FRAMES]`, without decoding and encoding.

For several numbers of people, each with a new 640x480 picture in every frame and speech in the microphone, prints CPU
milliseconds per frame (25 a second), and what that is in CPU hours for an hour of hearing.
"""

import sys
import time
from datetime import UTC, datetime

import av
import numpy as np

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import Role
from media.film.director import Director
from media.film.limiter import Limiter
from media.film.plates import Absence
from media.film.scene import Look, OnShow, Scene
from media.film.sounds import Wave
from media.film.stage import FRAME_SAMPLES
from media.film.timeline import FPS, FRAME_NS, as_ns
from media.film.voice import Voice
from tests.bed.speech import speech

ROLES = (Role.JUDGE, Role.CLERK, Role.PLAINTIFF, Role.REPRESENTATIVE, Role.DEFENDANT, Role.WITNESS)
BEGAN_NS = as_ns(datetime(2026, 11, 24, 2, tzinfo=UTC))
PICTURES = 8


def pictures(people: int) -> list[list[av.VideoFrame]]:
    """Some different pictures for each person."""
    random = np.random.default_rng(1)
    noise = [random.integers(16, 235, (720, 640), np.uint8) for _ in range(people * PICTURES)]
    frames = [av.VideoFrame.from_ndarray(picture, format="yuv420p") for picture in noise]
    return [frames[n * PICTURES : (n + 1) * PICTURES] for n in range(people)]


def drawing_ms(people: int, frames: int, *, shows: bool = False) -> float:
    """CPU milliseconds per frame for the picture."""
    seats = [
        Seat(participant_id=ParticipantId(f"p-{n}"), role=ROLES[n % len(ROLES)], name="欧阳震华") for n in range(people)
    ]
    shown = pictures(people)
    screen = pictures(1)[0]
    director, scene = Director(seats), Scene("（2026）沪0115民初1024号", "房屋租赁合同纠纷")
    began = time.process_time()
    for number in range(frames):
        at_ns = BEGAN_NS + number * FRAME_NS
        loudest = number // (5 * FPS) % people  # each speaks for five seconds
        on_show = OnShow(None, screen[number % PICTURES], "屏幕共享", "Screen", "原告") if shows else None
        there = {seat.participant_id: n == loudest for n, seat in enumerate(seats)}
        arrangement = director.decide(at_ns, there, shows=shows)
        marked = director.speaking(at_ns)
        looks = {
            seat.participant_id: Look(
                seat,
                shown[n][number % PICTURES],
                Absence.SOUND_ONLY,
                (number // 3 + n) % 6,
                seat.participant_id in marked,
            )
            for n, seat in enumerate(seats)
        }
        scene.paint(at_ns, arrangement, looks, on_show)
        scene.canvas.frame()
    return (time.process_time() - began) * 1000 / frames


def mixing_ms(people: int, frames: int) -> float:
    """CPU milliseconds per frame for the sound."""
    said = [speech(10, voice=n) for n in range(people)]
    voices, limiter = [Voice() for _ in said], Limiter()
    began = time.process_time()
    for number in range(frames):
        at = number % (10 * FPS) * FRAME_SAMPLES
        heard: list[Wave] = [
            voice.hear(wave[at : at + FRAME_SAMPLES]) for voice, wave in zip(voices, said, strict=True)
        ]
        limiter.limit(np.sum(heard, axis=0, dtype=np.float32))
    return (time.process_time() - began) * 1000 / frames


def main(frames: int) -> None:
    print("people  drawing ms  mixing ms  CPU-h per hearing-hour")
    for people, shows in ((1, False), (3, False), (6, False), (12, False), (3, True)):
        drawn, mixed = drawing_ms(people, frames, shows=shows), mixing_ms(people, frames)
        hours = (drawn + mixed) * FPS / 1000
        print(f"{people:6}  {drawn:10.2f}  {mixed:9.2f}  {hours:.3f}{'  beside a screen' if shows else ''}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
