"""Which connection holds which seat, and which one asks for it: the Audience through which rooms reach people."""

from collections.abc import Callable, Iterable

from cloudcourt.domain.ids import ParticipantId
from signaling.session import Session


class Switchboard:
    """At most one live session per seat. Another device waits to be let in; an own reload takes the seat at once."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Session] = {}
        self._by_seat: dict[ParticipantId, Session] = {}
        self._asking: dict[ParticipantId, Session] = {}
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
        session.is_let_in = False
        self.gives_up_asking(session)
        if older is not None and older is not session:
            is_own = session.page is not None and session.page == older.page
            self._end(older, "replaced" if is_own else "superseded")

    def must_ask(self, session: Session) -> bool:
        """True while another device holds the seat and nobody has let this one in."""
        holder = self._by_seat.get(session.ticket.participant_id)
        if holder is None or holder is session or session.is_let_in:
            return False
        is_own_page = session.page is not None and session.page == holder.page
        is_own_browser = session.device is not None and session.device == holder.device
        return not (is_own_page or is_own_browser) and session.credential != holder.credential

    def waits(self, session: Session) -> None:
        """This session asks for a seat that is taken; one that asked before it is told no."""
        earlier = self._asking.get(session.ticket.participant_id)
        self._asking[session.ticket.participant_id] = session
        if earlier is not None and earlier is not session:
            self._end(earlier, "seat_refused")

    def attached(self) -> Iterable[Session]:
        """Whoever holds a seat now."""
        return self._by_seat.values()

    def detach(self, session: Session) -> None:
        """Take the seat from a session that has fallen silent; it may attach again."""
        session.is_attached = False
        self._vacate(session)

    def drop(self, sid: str) -> Session | None:
        """Forget a connection that is gone."""
        session = self._by_sid.pop(sid, None)
        if session is not None:
            self._vacate(session)
        return session

    def gives_up_asking(self, session: Session) -> bool:
        """True when this session was the one that asked for its seat; it does so no more."""
        if self._asking.get(session.ticket.participant_id) is not session:
            return False
        del self._asking[session.ticket.participant_id]
        return True

    def _vacate(self, session: Session) -> None:
        """Nobody needs to allow what is free: a device that waits for this seat comes in."""
        seat = session.ticket.participant_id
        if self._by_seat.get(seat) is session:
            del self._by_seat[seat]
            self.settle_takeover(seat, is_granted=True)

    # --- the Audience port -----------------------------------------------------------------------------

    def tell(self, participant_id: ParticipantId, message: str, payload: dict[str, object]) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            session.outbox.put(message, payload)

    def weather(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            session.outbox.put_if_idle("weather", payload)

    def point(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        session = self._by_seat.get(participant_id)
        if session is not None:
            session.outbox.put_if_idle("point", payload)

    def dismiss(self, participant_id: ParticipantId, reason: str) -> None:
        for session in (self._by_seat.get(participant_id), self._asking.pop(participant_id, None)):
            if session is not None:
                self._end(session, reason)

    def settle_takeover(self, participant_id: ParticipantId, *, is_granted: bool) -> None:
        session = self._asking.pop(participant_id, None)
        if session is None:
            return
        if is_granted:
            session.is_let_in = True
            session.outbox.put("let_in", {})
        else:
            self._end(session, "seat_refused")

    def _end(self, session: Session, reason: str) -> None:
        if reason in ("superseded", "replaced"):
            session.is_superseded = True
        self.on_dismissal(session, reason)
