"""`python -m media.mix SOCKET`: one hearing's live mixer, served over an inherited socket.

It lives as long as the media worker that started it: when the other end of the socket closes, it ends.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time

from media.mix.mixer import Mixer
from media.mix.words import FRAME_TICKS, MESSAGE_BYTES_LIMIT, Plan, to_mixer

NICE = 5
"""Forwarding goes first, the film and the confidence monitor last."""
FRAME_S = 0.02
_MOST_BEHIND = 5
"""Frames: held up for longer, it leaves them out instead of sending them in a burst."""


def main() -> None:
    """Mix until the worker is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # goes to the whole group; the worker decides
    os.nice(NICE)
    link = socket.socket(fileno=int(sys.argv[1]))
    link.setblocking(False)
    mixer, due_s = Mixer(), time.monotonic()
    while True:
        readable, _, _ = select.select([link], [], [], max(0.0, due_s - time.monotonic()))
        if readable and not _hear(link, mixer):
            return
        if (behind := int((time.monotonic() - due_s) / FRAME_S)) > _MOST_BEHIND:
            mixer.skip(behind * FRAME_TICKS)
            due_s += behind * FRAME_S
        while time.monotonic() >= due_s:
            due_s += FRAME_S
            for mixed in mixer.tick():
                with contextlib.suppress(OSError):  # a worker that doesn't read is busy, or gone
                    link.send(mixed.packed())


def _hear(link: socket.socket, mixer: Mixer) -> bool:
    """Take in what waits; False at the end."""
    while True:
        try:
            message = link.recv(MESSAGE_BYTES_LIMIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not message:
            return False
        try:
            said = to_mixer(message)
        except ValueError:
            sys.stderr.write("a message that can't be read\n")
            continue
        if isinstance(said, Plan):
            mixer.obey(said)
        else:
            mixer.hear(said.source, said.packet)


if __name__ == "__main__":
    main()
