"""Proposals of orders, in `{data_dir}/proposals/{hearing_id}.jsonl`: beside the records, never in them."""

import asyncio
from pathlib import Path

from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.record_errors import OrderChangesNothing
from cloudcourt.domain.record_orders import OrderAsk
from cloudcourt.domain.record_proposals import OPEN_AT_MOST, Proposal, ProposalAnswer
from media.record.folders import SAFE_ID
from media.record.signed_lines import append_line, whole_lines

PROPOSALS = "proposals"


class FolderProposalBook:
    """The ProposalBook port. A line a proposal, and one more when it is answered: of two the later counts."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._folder, self._clock = data_dir / PROPOSALS, clock
        self._turn = asyncio.Lock()

    async def proposals(self, hearing_id: HearingId) -> tuple[Proposal, ...]:
        """Raises OSError, ValueError."""
        return await asyncio.to_thread(self._read, hearing_id)

    async def propose(self, hearing_id: HearingId, ask: OrderAsk, who: str, name: str) -> None:
        """Raises OrderChangesNothing, OSError, ValueError."""
        async with self._turn:
            known = await self.proposals(hearing_id)
            waiting = [proposal.ask for proposal in known if proposal.state == "open"]
            if ask in waiting or len(waiting) >= OPEN_AT_MOST:
                raise OrderChangesNothing
            fresh = Proposal(n=len(known) + 1, at=self._clock.now(), who=who, name=name, ask=ask)
            await asyncio.to_thread(self._append, hearing_id, fresh)

    async def answer(self, hearing_id: HearingId, number: int, answer: ProposalAnswer) -> None:
        """Raises NotFound, OSError, ValueError."""
        async with self._turn:
            known = await self.proposals(hearing_id)
            proposal = next((one for one in known if one.n == number and one.state == "open"), None)
            if proposal is None:
                raise NotFound
            state = "granted" if answer.is_granted else "declined"
            news = {"state": state, "answered_at": self._clock.now(), "reason": answer.reason}
            await asyncio.to_thread(self._append, hearing_id, proposal.model_copy(update=news))

    def _read(self, hearing_id: HearingId) -> tuple[Proposal, ...]:
        found = (Proposal.model_validate_json(line) for line in whole_lines(self._path(hearing_id)))
        return tuple({proposal.n: proposal for proposal in found}.values())

    def _append(self, hearing_id: HearingId, proposal: Proposal) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        append_line(self._path(hearing_id), proposal.model_dump_json().encode())

    def _path(self, hearing_id: HearingId) -> Path:
        if not SAFE_ID.fullmatch(hearing_id):
            raise NotFound
        return self._folder / f"{hearing_id}.jsonl"
