"""Camera and microphone files for Chromium's fake devices: a colour and a tone that identify each person."""

import math
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SECONDS = 2
SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Look:
    """One person's colour (Y, U, V) and tone."""

    yuv: tuple[int, int, int]
    tone_hz: int


@dataclass(frozen=True)
class Lens:
    """What a camera makes: pixels, and pictures a second."""

    width: int = 640
    height: int = 360
    fps: int = 20


USUAL = Lens()
SMALL = Lens(160, 90, 10)
"""For many people on one machine."""

LOOKS = {
    "judge": Look(yuv=(90, 200, 90), tone_hz=500),  # blue
    "clerk": Look(yuv=(150, 128, 128), tone_hz=700),  # grey
    "plaintiff": Look(yuv=(110, 90, 200), tone_hz=1_100),  # red
    "defendant": Look(yuv=(130, 80, 70), tone_hz=1_700),  # green
    "representative": Look(yuv=(160, 60, 150), tone_hz=2_300),  # yellow
    "witness": Look(yuv=(120, 170, 150), tone_hz=2_900),  # violet
}


def write_camera(path: Path, look: Look, *, lens: Lens = USUAL, is_lively: bool = False) -> Path:
    """A Y4M loop: the person's colour with a bright bar that moves, so that every frame differs.

    A lively picture has a texture that moves and some grain: it costs bits, as a room with a person in it does. Its
    sides are multiples of 8.
    """
    y, u, v = look.yuv
    width, height, pictures = lens.width, lens.height, lens.fps * SECONDS
    bar = height // 9
    dice = np.random.default_rng(look.tone_hz)
    texture = np.kron(dice.integers(-40, 41, (height // 8, width // 8)), np.ones((8, 8), int)) if is_lively else None
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{lens.fps}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(pictures):
            luma = np.full((height, width), y, np.uint8)
            if texture is not None:
                grain = dice.integers(-6, 7, (height, width))
                luma = np.clip(y + np.roll(texture, 3 * number, axis=1) + grain, 16, 235).astype(np.uint8)
            at = number * (width - bar) // pictures
            luma[height - bar * 3 // 2 : height - bar // 2, at : at + bar] = 235
            file.write(b"FRAME\n" + luma.tobytes())
            file.write(b"".join(bytes([tint]) * -(-width // 2) * -(-height // 2) for tint in (u, v)))
    return path


def write_microphone(path: Path, look: Look) -> Path:
    """A WAV loop of the person's tone at a quarter of full scale, a whole number of periods long."""
    at = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    samples = (0.25 * 32_767 * np.sin(2 * math.pi * look.tone_hz * at)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return path
