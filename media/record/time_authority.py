"""Asks an outside authority for the time of a seal, until it answers."""

import asyncio
import base64
import hashlib
import secrets
from pathlib import Path

import aiohttp
import structlog

from cloudcourt.domain.evidence import Seal, seal_message
from media.record.court_key import CourtKey
from media.record.seal_file import read_seal, sign_timestamp, write_seal
from media.record.timestamp import NotATimestamp, Token, read_response, request

log = structlog.get_logger()

_DEADLINE_S = 20.0
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0
_ANSWER_LIMIT_BYTES = 256 * 1024


class TimeAuthority:
    """A timestamp authority at an address (RFC 3161 section 3.4: over HTTP)."""

    def __init__(self, url: str, court_key: CourtKey, first_pause_s: float = _FIRST_PAUSE_S) -> None:
        self._url, self._court_key, self._first_pause_s = url, court_key, first_pause_s

    async def stamp(self, folder: Path) -> None:
        """Have a queued seal stamped, however long the authority is away; it is asked ever more seldom."""
        pause_s = self._first_pause_s
        while (seal := await asyncio.to_thread(read_seal, folder)) is not None and seal.timestamp.state == "queued":
            try:
                token = await self._ask(hashlib.sha256(seal_message(seal.statement)).digest())
                await asyncio.to_thread(self._write, folder, seal, token)
            except (aiohttp.ClientError, TimeoutError, NotATimestamp, OSError) as failure:
                log.warning("seal not stamped yet", hearing_id=seal.statement.hearing, reason=type(failure).__name__)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                log.info("seal stamped", hearing_id=seal.statement.hearing, at=token.at.isoformat())

    async def _ask(self, digest: bytes) -> Token:
        nonce = secrets.randbits(63)
        headers = {"Content-Type": "application/timestamp-query"}
        timeout = aiohttp.ClientTimeout(total=_DEADLINE_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, data=request(digest, nonce), headers=headers) as answer,
        ):
            answer.raise_for_status()
            content = await answer.content.read(_ANSWER_LIMIT_BYTES)
            while piece := await answer.content.read(_ANSWER_LIMIT_BYTES - len(content)):
                content += piece
        return read_response(content, digest, nonce)

    def _write(self, folder: Path, seal: Seal, token: Token) -> None:
        stamped = sign_timestamp(
            self._court_key,
            seal.statement,
            "stamped",
            authority=self._url,
            token=base64.b64encode(token.content).decode(),
            at=token.at,
        )
        write_seal(folder, seal.model_copy(update={"timestamp": stamped}))
