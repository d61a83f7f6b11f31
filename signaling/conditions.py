"""What pages say of their own condition, their diagnoses, and the question how somebody's connection did."""

from collections.abc import Mapping

from cloudcourt.domain.connectivity import Diagnosis, LinkEnd, PageCondition
from cloudcourt.domain.errors import TooFast
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value
from signaling.schema import parsed
from signaling.session import Session

Answer = dict[str, object]

ENDS: Mapping[str, LinkEnd] = {
    "client disconnect": "closed",
    "server disconnect": "cut",
    "ping timeout": "silent",
}
"""How python-socketio names the end of a connection; all other names are of transports that broke off."""


class ConnectivityAsked(Value):
    """Of whom the history of the connection is wanted."""

    participant_id: ParticipantId


def link_end(reason: str) -> LinkEnd:
    """The end of a connection in our words."""
    return ENDS.get(reason, "broken")


async def condition(session: Session, payload: object) -> Answer:
    """The page is hidden or seen again, a microphone comes or goes."""
    session.room.connectivity.page_says(session.ticket.participant_id, parsed(PageCondition, payload))
    return {}


async def diagnosis(session: Session, payload: object) -> Answer:
    """A page's own findings; the answer names them so that the person can read the name to the clerk."""
    if not session.diagnoses.take():
        raise TooFast
    number = session.room.connectivity.diagnosed(session.ticket.participant_id, parsed(Diagnosis, payload))
    return {"incident": number}


async def connectivity(session: Session, payload: object) -> Answer:
    """How a person's connection did. Raises NotAllowed for anyone who doesn't keep order."""
    asked = parsed(ConnectivityAsked, payload)
    return session.room.connectivity.of(session.ticket.participant_id, asked.participant_id)
