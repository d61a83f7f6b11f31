"""One-time codes for identity at check-in: made from a secret of this server, so that none is ever stored."""

import asyncio
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cloudcourt.domain.ids import HearingId, ParticipantId

SECRET_FILE = "identity.key"  # noqa: S105 - a file's name
SECRET_BYTES = 32
DIGITS = 6


class CodeDesk:
    """The built-in IdentityDesk. A code is good for one person, one hearing and one number."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / SECRET_FILE
        self._secret: bytes | None = None

    async def code(self, hearing_id: HearingId, participant_id: ParticipantId, number: int) -> str:
        """Six digits. Raises OSError when the secret can't be read or made."""
        if self._secret is None:
            self._secret = await asyncio.to_thread(_secret_at, self._path)
        about = f"{hearing_id}\n{participant_id}\n{number}".encode()
        digest = hmac.new(self._secret, about, hashlib.sha256).digest()
        return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"

    async def matches(self, hearing_id: HearingId, participant_id: ParticipantId, number: int, code: str) -> bool:
        """Compared without telling by the time it takes how much was right."""
        return hmac.compare_digest(await self.code(hearing_id, participant_id, number), code)


def _secret_at(path: Path) -> bytes:
    """Read the secret, or make it at the first call."""
    if not path.exists():
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise OSError(f"{path.name} is damaged")
    return secret
