"""One media worker process as control sees it: asked over the wire, heard, and ended."""

import asyncio
import itertools
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from typing import Any

import structlog

from cloudcourt.observability.tasks import Crew
from media.worker.wire import FROM_WORKER, Answer, Ask, Beat, Call, Done, Failed, Notice, Refused, Start, Wire

log = structlog.get_logger()

STARTS_WITHIN_S = 30.0
SILENCE_S = 3.0
_TURN_S = 0.5
_EXITS_WITHIN_S = 1.0
_CLOSES_WITHIN_S = 8.0
_DIES_WITHIN_S = 5.0
_ANSWER_GRACE_S = 1.0


class WorkerLost(Exception):
    """The process is dead: it carries nothing out any more, and nothing flows through it."""


class WorkerSlow(Exception):
    """No answer before the call's deadline, though the worker lives."""


class WorkerFault(Exception):
    """A bug in the worker, logged there; the text names the incident."""


class WorkerProcess:
    """Owns the child process and control's end of its socket. `spawn` makes it, `end` or its death ends it."""

    def __init__(self, process: Process, wire: Wire, on_notice: "Callable[[WorkerProcess, Notice], None]") -> None:
        self.began_s = time.monotonic()
        self._process, self._wire, self._on_notice = process, wire, on_notice
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._silent_turns = 0
        self._beaten = asyncio.Event()
        self._over = asyncio.Event()
        self._ending = False
        self._crew = Crew(f"media worker {process.pid}")

    @classmethod
    async def spawn(
        cls, start: Start, log_level: str, on_notice: "Callable[[WorkerProcess, Notice], None]"
    ) -> "WorkerProcess":
        """A new process with its ports taken. Raises WorkerLost when it doesn't come up, OSError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                arguments = (sys.executable, "-m", "media.worker", str(theirs.fileno()), log_level)
                process = await asyncio.create_subprocess_exec(*arguments, stdin=DEVNULL, pass_fds=[theirs.fileno()])
            wire = Wire(*await asyncio.open_unix_connection(sock=ours))
        except BaseException:
            ours.close()  # a child that was born sees it, and goes
            raise
        worker = cls(process, wire, on_notice)
        worker._crew.start(worker._live(), name="life")
        try:
            await worker._come_up(start)
        except BaseException:
            await worker.end(patience_s=0.0)
            raise
        return worker

    async def _come_up(self, start: Start) -> None:
        self._wire.send(start)
        up, dead = self._crew.start(self._beaten.wait(), name="first beat"), self._crew.start(self.over(), name="over")
        await asyncio.wait((up, dead), timeout=STARTS_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (up, dead):
            task.cancel()
        if not self._beaten.is_set():
            raise WorkerLost
        self._crew.start(self._watch(), name="watch")

    @property
    def pid(self) -> int:
        return self._process.pid

    async def over(self) -> None:
        """Wait until the process is dead and everything it said has been heard."""
        await self._over.wait()

    async def ask(self, ask: Ask, deadline_s: float) -> dict[str, Any] | None:
        """Have a call carried out; its answer's fields, if it has any.

        Calls are carried out in the order they are asked. Raises the CourtError the worker raised, WorkerLost,
        WorkerSlow, WorkerFault, MessageTooLong.
        """
        if self._over.is_set():
            raise WorkerLost
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._wire.send(Call(number=number, deadline_s=deadline_s, ask=ask))
            async with asyncio.timeout(deadline_s + _ANSWER_GRACE_S):
                return await answer
        except TimeoutError:
            log.error("media worker did not answer in time", worker=self.pid, call=ask.kind)
            raise WorkerSlow from None
        finally:
            self._waiting.pop(number, None)

    def kill(self) -> None:
        """SIGKILL; `over` tells when it is done."""
        if self._process.returncode is None:
            self._process.kill()

    async def end(self, patience_s: float = _CLOSES_WITHIN_S) -> None:
        """Hang up, so that the worker closes its records and goes; kill it after `patience_s`. Idempotent."""
        self._ending = True
        self._wire.hang_up()
        try:
            async with asyncio.timeout(patience_s):
                await self.over()
        except TimeoutError:
            self.kill()
            await self.over()
        await self._crew.dismiss()

    async def _live(self) -> None:
        """Hear the worker until it ends; then nobody waits for it in vain."""
        try:
            while True:
                self._hear(await self._wire.receive(FROM_WORKER))
        except (EOFError, OSError):
            pass
        except ValueError:
            log.error("media worker said what is no message", worker=self.pid)
            self.kill()
        finally:
            await self._bury()

    async def _bury(self) -> None:
        """Make sure that the process is dead before anyone acts on its death."""
        self._wire.close()
        for patience_s in (_CLOSES_WITHIN_S if self._ending else _EXITS_WITHIN_S, _DIES_WITHIN_S):
            try:
                async with asyncio.timeout(patience_s):
                    await self._process.wait()
                break
            except TimeoutError:
                self.kill()
        else:
            log.error("media worker can't be killed", worker=self.pid)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(WorkerLost())
        self._over.set()
        log.info("media worker ended", worker=self.pid, code=self._process.returncode)

    def _hear(self, said: Answer | Notice) -> None:
        match said:
            case Done() | Refused() | Failed():
                self._answered(said)
            case Beat():
                self._silent_turns = 0
                self._on_notice(self, said)
                self._beaten.set()
            case _:
                self._on_notice(self, said)

    def _answered(self, said: Answer) -> None:
        answer = self._waiting.get(said.number)
        if answer is None or answer.done():
            return
        match said:
            case Done():
                answer.set_result(said.value)
            case Refused():
                answer.set_exception(said.error())
            case Failed():
                answer.set_exception(WorkerFault(f"incident {said.incident_id}"))

    async def _watch(self) -> None:
        """Kill a worker that says nothing for `SILENCE_S`.

        Counted in turns of our own: while this process itself was held up or the machine slept, nobody was silent.
        """
        while True:
            await asyncio.sleep(_TURN_S)
            self._silent_turns += 1
            if self._silent_turns * _TURN_S >= SILENCE_S:
                log.error("media worker is silent", worker=self.pid)
                self.kill()
                return
