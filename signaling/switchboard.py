"""Which connection holds which seat: the Audience through which rooms reach people."""

from collections.abc import Callable, Iterable

from cloudcourt.domain.ids import ParticipantId
from signaling.session import Session


class Switchboard:
    """At most one live session per seat; the newest wins."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Session] = {}
        self._by_seat: dict[ParticipantId, Session] = {}
        self.on_dismissal: Callable[[Session, str], None] = lambda session, reason: None
        """Says goodbye and cuts the connection; set by the server."""

    def __len__(self) -> int:
        return len(self._by_sid)

    def session(self, sid: str) -> Session | None:
        return self._by_sid.get(sid)

    def add(self, session: Session) -> None:
        """A new connection; it takes the seat only when it attaches."""
        self._by_sid[session.sid] = session

    def attach(self, session: Session) -> None:
        """Give the seat to this session; an older one is told that it was superseded.

        A page that opens a second connection because it doubts the first has only replaced its own.
        """
        older = self._by_seat.get(session.ticket.participant_id)
        self._by_seat[session.ticket.participant_id] = session
        session.is_attached = True
        if older is not None and older is not session:
            is_own = session.page is not None and session.page == older.page
            self._end(older, "replaced" if is_own else "superseded")

    def attached(self) -> Iterable[Session]:
        """Whoever holds a seat now."""
        return self._by_seat.values()

    def detach(self, session: Session) -> None:
        """Take the seat from a session that has fallen silent; it may attach again."""
        session.is_attached = False
        if self._by_seat.get(session.ticket.participant_id) is session:
            del self._by_seat[session.ticket.participant_id]

    def drop(self, sid: str) -> Session | None:
        """Forget a connection that is gone."""
        session = self._by_sid.pop(sid, None)
        if session is not None and self._by_seat.get(session.ticket.participant_id) is session:
            del self._by_seat[session.ticket.participant_id]
        return session

    # --- the Audience port -----------------------------------------------------------------------------

    def tell(self, participant_id: ParticipantId, message: str, payload: dict[str, object]) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            session.outbox.put(message, payload)

    def weather(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            session.outbox.put_if_idle("weather", payload)

    def dismiss(self, participant_id: ParticipantId, reason: str) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            self._end(session, reason)

    def _end(self, session: Session, reason: str) -> None:
        if reason in ("superseded", "replaced"):
            session.is_superseded = True
        self.on_dismissal(session, reason)
