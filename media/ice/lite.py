"""An ICE-lite agent for everybody on one port: whose datagrams are these, and where do answers go?

Sans-IO: the caller owns the sockets and the clock. Being lite (RFC 8445 section 2.5) we send no checks of our own; we
answer those of the browsers, and the path that a browser nominates is the one its media takes.
"""

import secrets
import string
from collections.abc import Callable, Hashable
from dataclasses import asdict, dataclass, field
from typing import Generic, NamedTuple, TypeVar

from media.ice import stun
from media.ice.patience import Patience
from media.ice.stun import Address, BindingRequest

SessionKey = TypeVar("SessionKey", bound=Hashable)
Path = TypeVar("Path", bound=Hashable)

MAX_PATHS = 8
"""Live paths a session: a phone with Wi-Fi, mobile and both IP versions has four, and four more after a move."""

STALE_NS = 15_000_000_000
"""A path that wasn't heard for so long is forgotten. Browsers check the path they use about every 5 s (RFC 7675)."""

OVERLAP_NS = 30_000_000_000
"""How long the old credentials stay good while a restart is under way."""

SETTLE_NS = 500_000_000
"""How long a path just left can't be selected again: a check that was late on the way mustn't undo a move."""

_ICE_CHARS = string.ascii_letters + string.digits + "+/"


class Credentials(NamedTuple):
    """What stands in an answer as `ice-ufrag` and `ice-pwd` (RFC 8839 section 5.4)."""

    ufrag: str
    password: str


def fresh_credentials() -> Credentials:
    """Random ones: 72 and 192 bits (RFC 8445 section 5.3 asks for 24 and 128)."""
    ufrag, password = ("".join(secrets.choice(_ICE_CHARS) for _ in range(length)) for length in (12, 32))
    return Credentials(ufrag, password)


class Outcome(NamedTuple, Generic[SessionKey, Path]):
    """What a datagram meant."""

    reply: bytes | None = None
    """To be sent back on the same path."""
    session: SessionKey | None = None
    """Whose check it was, if it was authentic; the path belongs to it now."""
    is_new_path: bool = False
    is_selected: bool = False
    """The path has just become the session's selected one."""
    evicted: Path | None = None
    """A path that had to go for this one."""


@dataclass(slots=True)
class IceCounts:
    """Connectivity checks by what became of them. Counters only: nothing is logged per check."""

    authentic: int = 0
    malformed: int = 0
    unsigned: int = 0
    unauthenticated: int = 0
    unanswered: int = 0
    """Failed checks without an answer, because their source had failed too often."""
    not_understood: int = 0
    role_conflicts: int = 0
    foreign_path: int = 0
    """Authentic checks on a path that is another session's."""
    selected: int = 0
    evicted: int = 0
    expired: int = 0

    def snapshot(self) -> dict[str, int]:
        return asdict(self)


@dataclass(slots=True, eq=False)
class _Generation(Generic[SessionKey, Path]):
    """A session's credentials between two restarts."""

    session: "_Session[SessionKey, Path]"
    credentials: Credentials
    remote_ufrag: bytes | None = None
    good_until_ns: int | None = None


@dataclass(slots=True, eq=False)
class _Session(Generic[SessionKey, Path]):
    key: SessionKey
    generations: list[_Generation[SessionKey, Path]] = field(default_factory=list)
    """Oldest first; two while a restart is under way."""
    heard_ns: dict[Path, int] = field(default_factory=dict)
    selected: Path | None = None
    left: Path | None = None
    """The path selected before, and since when it isn't any more."""
    left_ns: int = 0


class IceLite(Generic[SessionKey, Path]):
    """All sessions and paths of one port. Times are monotonic nanoseconds."""

    def __init__(
        self, patience: Patience | None = None, make_credentials: Callable[[], Credentials] = fresh_credentials
    ) -> None:
        self.counts = IceCounts()
        self._patience = patience or Patience()
        self._make_credentials = make_credentials
        self._sessions: dict[SessionKey, _Session[SessionKey, Path]] = {}
        self._generations: dict[str, _Generation[SessionKey, Path]] = {}
        self._paths: dict[Path, _Session[SessionKey, Path]] = {}

    def add(self, session: SessionKey) -> Credentials:
        """Begin a session. Its checks are refused until `expect` has named the other side."""
        if session in self._sessions:
            raise ValueError("the session is there already")
        added = self._sessions[session] = _Session(session)
        return self._begin_generation(added).credentials

    def expect(self, session: SessionKey, remote_ufrag: str) -> None:
        """Take checks from the browser whose description has this `ice-ufrag`; ValueError if it can't be one."""
        self._sessions[session].generations[-1].remote_ufrag = remote_ufrag.encode("ascii")

    def restart(self, session: SessionKey, remote_ufrag: str, now_ns: int) -> Credentials:
        """New credentials for an ICE restart (RFC 8445 section 9).

        The old ones stay good until a check under the new ones nominates, or for 30 s; the old path goes on until
        then. A restart before this one that came to nothing is forgotten, and what it was to replace still carries.
        """
        remote = remote_ufrag.encode("ascii")
        restarted = self._sessions[session]
        self._end_overlap(restarted, now_ns)
        if len(restarted.generations) == 2:
            self._end_generation(restarted.generations[1])
        restarted.generations[0].good_until_ns = now_ns + OVERLAP_NS
        begun = self._begin_generation(restarted)
        begun.remote_ufrag = remote
        return begun.credentials

    def check(self, path: Path, source: Address, datagram: bytes, now_ns: int) -> Outcome[SessionKey, Path]:
        """Judge what may be a connectivity check from `source` (host, port) on `path`. Never raises.

        Nothing is bound, and nobody's state changes, before message integrity was checked.
        """
        try:
            request = stun.read_request(datagram)
        except ValueError:
            self.counts.malformed += 1
            return Outcome()
        generation = self._signed_by(request, now_ns)
        if generation is None:
            return Outcome(self._refuse(request, source, now_ns))
        password = generation.credentials.password.encode()
        if request.unknown:
            self.counts.not_understood += 1
            return Outcome(stun.write_error(request.transaction_id, stun.UNKNOWN_ATTRIBUTE, password, request.unknown))
        if request.controlled is not None:
            # A lite agent is always the controlled one (RFC 8445 section 6.1.1).
            self.counts.role_conflicts += 1
            return Outcome(stun.write_error(request.transaction_id, stun.ROLE_CONFLICT, password))
        owner = self._paths.get(path)
        if owner is not None and owner is not generation.session:
            # Who knows his own password and a neighbour's address mustn't be able to take over the neighbour's path.
            self.counts.foreign_path += 1
            return Outcome()
        self.counts.authentic += 1
        return self._bind(
            generation, path, request, stun.write_success(request.transaction_id, source, password), now_ns
        )

    def expire(self, now_ns: int) -> list[tuple[SessionKey, Path]]:
        """Forget the paths that have fallen silent and old credentials; to be called about once a second."""
        stale = []
        for session in self._sessions.values():
            self._end_overlap(session, now_ns)
            stale += [(session.key, path) for path, heard in session.heard_ns.items() if now_ns - heard >= STALE_NS]
        for _, path in stale:
            self.forget(path)
        self.counts.expired += len(stale)
        return stale

    def forget(self, path: Path) -> SessionKey | None:
        """The path is gone (its TCP connection was closed); says whose it was."""
        session = self._paths.pop(path, None)
        if session is None:
            return None
        del session.heard_ns[path]
        if session.selected == path:
            session.selected = None
        return session.key

    def remove(self, session: SessionKey) -> list[Path]:
        """End a session; says which paths it had."""
        removed = self._sessions.pop(session, None)
        if removed is None:
            return []
        for generation in list(removed.generations):
            self._end_generation(generation)
        for path in removed.heard_ns:
            del self._paths[path]
        return list(removed.heard_ns)

    def session_of(self, path: Path) -> SessionKey | None:
        """Who has proved to be at the other end of this path."""
        session = self._paths.get(path)
        return None if session is None else session.key

    def selected(self, session: SessionKey) -> Path | None:
        """Where the session's media goes."""
        found = self._sessions.get(session)
        return None if found is None else found.selected

    def _begin_generation(self, session: _Session[SessionKey, Path]) -> _Generation[SessionKey, Path]:
        credentials = self._make_credentials()
        while credentials.ufrag in self._generations:
            credentials = self._make_credentials()
        generation = self._generations[credentials.ufrag] = _Generation(session, credentials)
        session.generations.append(generation)
        return generation

    def _end_generation(self, generation: _Generation[SessionKey, Path]) -> None:
        del self._generations[generation.credentials.ufrag]
        generation.session.generations.remove(generation)

    def _end_overlap(self, session: _Session[SessionKey, Path], now_ns: int) -> None:
        for generation in list(session.generations):
            if not self._is_good(generation, now_ns):
                self._end_generation(generation)

    def _is_good(self, generation: _Generation[SessionKey, Path], now_ns: int) -> bool:
        return generation.good_until_ns is None or now_ns < generation.good_until_ns

    def _signed_by(self, request: BindingRequest, now_ns: int) -> _Generation[SessionKey, Path] | None:
        """Whose credentials were used: USERNAME is `ours:theirs` (RFC 8445 section 7.2.2)."""
        if request.username is None:
            return None
        ours, colon, theirs = request.username.partition(b":")
        generation = self._generations.get(ours.decode("latin-1"))
        if generation is None or not colon or not self._is_good(generation, now_ns):
            return None
        if generation.remote_ufrag != theirs:
            return None
        return generation if request.is_signed_with(generation.credentials.password.encode()) else None

    def _refuse(self, request: BindingRequest, source: Address, now_ns: int) -> bytes | None:
        if request.username is None or request.signature is None:
            self.counts.unsigned += 1
            code = stun.BAD_REQUEST
        else:
            self.counts.unauthenticated += 1
            code = stun.UNAUTHENTICATED
        if not self._patience.allows(source[0], now_ns):
            self.counts.unanswered += 1
            return None
        return stun.write_error(request.transaction_id, code)

    def _bind(
        self,
        generation: _Generation[SessionKey, Path],
        path: Path,
        request: BindingRequest,
        reply: bytes,
        now_ns: int,
    ) -> Outcome[SessionKey, Path]:
        session = generation.session
        is_new = path not in session.heard_ns
        evicted = self._make_room(session) if is_new else None
        session.heard_ns[path] = now_ns
        self._paths[path] = session
        if request.nominates:
            self._nominate(generation)
        is_selected = self._select(session, path, request.nominates, now_ns)
        return Outcome(reply, session.key, is_new, is_selected, evicted)

    def _make_room(self, session: _Session[SessionKey, Path]) -> Path | None:
        if len(session.heard_ns) < MAX_PATHS:
            return None
        evicted = min((path for path in session.heard_ns if path != session.selected), key=session.heard_ns.__getitem__)
        self.forget(evicted)
        self.counts.evicted += 1
        return evicted

    def _nominate(self, generation: _Generation[SessionKey, Path]) -> None:
        """A nomination under the newest credentials ends the others' time."""
        if generation is generation.session.generations[-1]:
            for earlier in generation.session.generations[:-1]:
                self._end_generation(earlier)

    def _select(self, session: _Session[SessionKey, Path], path: Path, nominates: bool, now_ns: int) -> bool:
        if path == session.selected:
            return False
        if session.selected is not None:
            is_straggler = path == session.left and now_ns - session.left_ns < SETTLE_NS
            if not nominates or is_straggler:
                return False
        session.left, session.left_ns = session.selected, now_ns
        session.selected = path
        self.counts.selected += 1
        return True
