"""Structured logs: event name and ids, one JSON object a line; never a name, a word spoken, an SDP or a token."""

import logging
import sys
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, WrappedLogger

hearing_in_hand: ContextVar[str | None] = ContextVar("hearing_in_hand", default=None)
participant_in_hand: ContextVar[str | None] = ContextVar("participant_in_hand", default=None)

NEVER_LOGGED = frozenset({"token", "link_token", "seat_token", "password", "sdp", "name", "cookie", "authorization"})


def set_up_logs(level: str) -> None:
    """Write logs of `level` and above to standard error, standard-library records included."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(stream=sys.stderr, level=max(number, logging.WARNING), format="%(name)s: %(message)s")
    # A malformed request's error quotes the sender's bytes, which may hold a token.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_ids,
            _redact,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _add_ids(_: WrappedLogger, __: str, record: EventDict) -> EventDict:
    for key, variable in (("hearing", hearing_in_hand), ("participant", participant_in_hand)):
        value = variable.get()
        if value is not None:
            record.setdefault(key, value)
    return record


def _redact(_: WrappedLogger, __: str, record: EventDict) -> EventDict:
    for key in NEVER_LOGGED & record.keys():
        record[key] = "…"
    return record
