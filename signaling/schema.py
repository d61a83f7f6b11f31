"""The shape of everything a client may send; unknown fields are refused."""

from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from cloudcourt.domain.commands import AskedCommand
from cloudcourt.domain.errors import InvalidInput, Language
from cloudcourt.domain.value import Value

PROTOCOL = 1
SDP_CHARS_LIMIT = 128 * 1024
"""A browser's offer for twelve seats is about 70 KiB."""

Message = TypeVar("Message", bound=Value)


class Handshake(Value):
    """`auth` of the Socket.IO connect packet."""

    token: Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    protocol: int
    language: Language = "zh-CN"
    page: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")] | None = None
    """Any random name of the page: a second connection of the same page replaces the first without a word."""
    device: Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9-]+$")] | None = None
    """A secret random name that the browser keeps: another tab of the same browser takes the seat without asking."""


class Resume(Value):
    since: Annotated[int, Field(ge=0, le=2**53)]


class CommandMessage(Value):
    """`id` makes sending twice harmless: one id is carried out once."""

    id: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
    command: AskedCommand


class MediaOffer(Value):
    sdp: Annotated[str, StringConstraints(min_length=1, max_length=SDP_CHARS_LIMIT)]


class IceServersAsked(Value):
    """Carries nothing: credentials are made for whoever asks."""


class Beat(Value):
    """The answer to the server's beat number `n`."""

    n: Annotated[int, Field(ge=0, le=2**53)]


def parsed(shape: type[Message], payload: object) -> Message:
    """Check a payload against its shape. Raises InvalidInput naming the first bad field."""
    if not isinstance(payload, dict):
        raise InvalidInput(where="payload", why="an object is expected")
    try:
        return shape.model_validate(payload)
    except (ValidationError, RecursionError) as refusal:
        raise _named(refusal) from None


def _named(refusal: ValidationError | RecursionError) -> InvalidInput:
    if isinstance(refusal, RecursionError):
        return InvalidInput(where="payload", why="nested too deeply")
    first = refusal.errors(include_input=False, include_url=False, include_context=False)[0]
    return InvalidInput(where=".".join(str(part) for part in first["loc"])[:80] or "payload", why=first["msg"][:120])
