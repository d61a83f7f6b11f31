"""A court's network for one test: a server and people in namespaces, on links that get worse when told to."""

import asyncio
import itertools
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.bed import namespace

Direction = Literal["up", "down", "both"]
READY_WITHIN_S = 20.0
ANSWERS_WITHIN_S = 10.0
_ROOT = Path(__file__).parents[2]
_numbers = itertools.count(1)


class NetworkBed:
    """`NetworkBed(judge={"eth0": "clean"}, phone={"wifi0": "wifi", "cell0": "4g"})`, to be entered with `async with`.

    Besides the people there is always the node `server`. A node's first link is its preferred one. Packets are
    carried by a process of its own, which ends with this one, whatever happens, and takes its namespaces along.
    """

    def __init__(self, *, seed: int = 1, prefix: str | None = None, **nodes: dict[str, str]) -> None:
        self.prefix = prefix or namespace.prefix_of_this_run(next(_numbers))
        self._seed = seed
        self._nodes = {"server": {"eth0": "clean"}, **nodes}
        self._process: asyncio.subprocess.Process | None = None
        self._addresses: dict[str, str] = {}
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        nodes = [f"{node}:{','.join(map('='.join, links.items()))}" for node, links in self._nodes.items()]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bed.impairment", "--prefix", self.prefix, "--seed", str(self._seed)),
            *nodes,
            cwd=_ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self._addresses = await self._answer(READY_WITHIN_S)
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _e: object, _trace: TracebackType | None) -> None:
        await self._end()

    @property
    def server_address(self) -> str:
        """Where the server's node is reached by everybody."""
        return self._addresses["server.eth0"]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def namespace(self, node: str) -> str:
        """The full name of a node's namespace."""
        assert node in self._nodes, node
        return f"{self.prefix}-{node}"

    def address(self, link: str) -> str:
        """The address a link (`phone.wifi0`) has now, or had before it went down."""
        return self._addresses[link]

    async def change(self, link: str, direction: Direction = "both", **conditions: float) -> None:
        """Change some of a link's conditions (fields of `Conditions`), leaving the others."""
        await self._ask("set", link=link, way=direction, **conditions)

    async def use_profile(self, link: str, profile: str, direction: Direction = "both") -> None:
        """Replace all of a link's conditions by a profile's."""
        await self._ask("set", link=link, way=direction, profile=profile)

    async def fall(self, link: str) -> None:
        """Take a link down; its address is gone, and what was under way to it is lost."""
        await self._ask("fall", link=link)

    async def rise(self, link: str, host: int | None = None) -> None:
        """Bring a link up with its last address, or with `host` as the address's last number."""
        self._addresses[link] = await self._ask("rise", link=link, host=host)

    async def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """Per link and way: packets passed, UDP among them, lost, and crowded out of the queue."""
        counts: dict[str, dict[str, dict[str, int]]] = await self._ask("counts")
        return counts

    async def _ask(self, what: str, **fields: object) -> Any:
        assert self._process is not None and self._process.stdin is not None
        async with self._turn:
            self._process.stdin.write(json.dumps({"what": what, **fields}).encode() + b"\n")
            return await self._answer(ANSWERS_WITHIN_S)

    async def _answer(self, within_s: float) -> Any:
        assert self._process is not None and self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), within_s)
        if not line:
            raise RuntimeError("the network ended")
        answer = json.loads(line)
        if "refused" in answer:
            raise ValueError(answer["refused"])
        return answer["answer"]

    async def _end(self) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), ANSWERS_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        namespace.remove_leftovers(self.prefix)
