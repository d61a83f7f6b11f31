"""Names for the identifiers that cross module borders, so that one can't stand in for another."""

from typing import NewType

CaseId = NewType("CaseId", str)
HearingId = NewType("HearingId", str)
ParticipantId = NewType("ParticipantId", str)
RoomId = NewType("RoomId", str)
StaffId = NewType("StaffId", str)
TrackId = NewType("TrackId", str)
