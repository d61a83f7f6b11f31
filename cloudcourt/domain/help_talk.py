"""A word of help (单独协助): the clerk talks with one person alone while the court goes on. Never recorded."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value


class BeginHelpTalk(Value):
    """Talk with that person alone, where they are: in the waiting room, or in court."""

    kind: Literal["begin_help_talk"] = "begin_help_talk"
    participant_id: Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class EndHelpTalk(Value):
    """Of either of the two: the talk is over."""

    kind: Literal["end_help_talk"] = "end_help_talk"


class HelpTalkBegan(Value):
    kind: Literal["help_talk_began"] = "help_talk_began"
    participant_id: ParticipantId
    by: ParticipantId
    in_court: bool


class HelpTalkEnded(Value):
    kind: Literal["help_talk_ended"] = "help_talk_ended"
    participant_id: ParticipantId
    by: ParticipantId
    """Who ended it."""


class HelpTalk(Value):
    """One talk that goes on. It is over as soon as either of the two is no longer where they were."""

    participant_id: ParticipantId
    by: ParticipantId
    in_court: bool
    """The person sits in court; else they wait outside."""
    began_at: datetime

    @property
    def pair(self) -> tuple[ParticipantId, ParticipantId]:
        return self.participant_id, self.by


class HelpTalkView(Value):
    """A talk as the two in it, and the court's desk, may know it."""

    participant_id: ParticipantId
    with_id: ParticipantId
    """Of the two, the one that isn't you; for those who only know of it, the court's."""
    with_role: Role
    with_name: str
    is_yours: bool
    in_court: bool
    began_at: datetime
