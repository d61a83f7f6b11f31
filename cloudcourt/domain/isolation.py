"""Witness isolation (OLR 26): who is kept from the courtroom, and what the court states about it. Values only."""

from datetime import datetime
from typing import Literal

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.rooms import PersonRef
from cloudcourt.domain.value import Value


class CallWitness(Value):
    """Call a witness or an expert to the courtroom; they come when they answer, or when they are admitted."""

    kind: Literal["call_witness"] = "call_witness"
    participant_id: PersonRef


class AnswerCall(Value):
    """The called person comes into court."""

    kind: Literal["answer_call"] = "answer_call"


class DismissWitness(Value):
    """Send a heard witness out; a called one needn't come."""

    kind: Literal["dismiss_witness"] = "dismiss_witness"
    participant_id: PersonRef


class StateIsolation(Value):
    """System: what a witness was sent of the courtroom in a stretch of isolation, by the media plane's count."""

    kind: Literal["state_isolation"] = "state_isolation"
    participant_id: PersonRef
    began_at: datetime
    ended_at: datetime
    packets: int
    counted_since: datetime


class IsolationStated(Value):
    """Between these times the person was sent so many media packets of the courtroom.

    `counted_since` is later than `began_at` only where the media plane was started anew in between; what was sent
    before that, nobody counts any more.
    """

    kind: Literal["isolation_stated"] = "isolation_stated"
    participant_id: ParticipantId
    began_at: datetime
    ended_at: datetime
    packets: int
    counted_since: datetime
