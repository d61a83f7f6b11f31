"""The mixer process of one hearing as its media worker sees it: told packets and plans, heard, and ended."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable

import structlog

from media.mix.words import MESSAGE_BYTES_LIMIT, Mixed, Plan, Sound, to_worker

log = structlog.get_logger()

DIES_WITHIN_S = 5.0
_MESSAGES_PER_TURN = 64


class MixerProcess:
    """Owns the child and our end of its socket. Its end, whatever the reason, is what `over` waits for."""

    def __init__(self, process: Process, link: socket.socket, on_mixed: Callable[[Mixed], None]) -> None:
        self.dropped = 0
        """Messages that the socket had no room for."""
        self._process, self._link, self._on_mixed = process, link, on_mixed
        asyncio.get_running_loop().add_reader(link, self._hear)

    @classmethod
    async def spawn(cls, on_mixed: Callable[[Mixed], None]) -> "MixerProcess":
        """A new process; `on_mixed` gets every packet it makes. Raises OSError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            ours.setblocking(False)
            with theirs:
                arguments = (sys.executable, "-m", "media.mix", str(theirs.fileno()))
                process = await asyncio.create_subprocess_exec(*arguments, stdin=DEVNULL, pass_fds=[theirs.fileno()])
            return cls(process, ours, on_mixed)
        except BaseException:
            ours.close()  # a child that was born sees it, and goes
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, message: Plan | Sound) -> None:
        """Never waits. A packet that has no room is dropped; a mixer that can't be told a plan is killed."""
        try:
            self._link.send(message.packed())
        except OSError:
            self.dropped += 1
            if isinstance(message, Plan):
                self.kill()

    def kill(self) -> None:
        """SIGKILL; `over` tells when it is done."""
        if self._process.returncode is None:
            self._process.kill()

    async def over(self) -> None:
        """Wait until the process is dead."""
        await self._process.wait()

    async def end(self) -> None:
        """Make sure that nothing more comes of it. Idempotent."""
        self._hang_up()
        self.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DIES_WITHIN_S):
                await self._process.wait()

    def _hang_up(self) -> None:
        if self._link.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._link)
            self._link.close()

    def _hear(self) -> None:
        for _ in range(_MESSAGES_PER_TURN):
            try:
                message = self._link.recv(MESSAGE_BYTES_LIMIT)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._hang_up()
                self.kill()
                return
            try:
                mixed = to_worker(message)
            except ValueError:
                log.error("mixer said what is no message", mixer=self.pid)
                self.kill()
                return
            self._on_mixed(mixed)
