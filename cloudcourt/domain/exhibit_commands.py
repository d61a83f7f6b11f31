"""What can be asked about exhibits, and what happened to them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.exhibits import TITLE_CHARS_LIMIT, ExhibitFile, ExhibitNumber
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Title = Annotated[str, StringConstraints(max_length=TITLE_CHARS_LIMIT, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True)]
Page = Annotated[int, Field(ge=1, le=10_000)]
PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class ExhibitArrived(Value):
    """System: a file of this person was received whole, hashed and looked at."""

    kind: Literal["exhibit_arrived"] = "exhibit_arrived"
    participant_id: PersonRef
    title: Title
    exhibit: ExhibitNumber | None = None
    """The exhibit it is a new version of; None for a new one."""
    is_original: bool = False
    file: ExhibitFile


class GiveOpinion(Value):
    """Accept or object to an exhibit's authenticity, legality and relevance; an objection has a reason."""

    kind: Literal["give_opinion"] = "give_opinion"
    exhibit: ExhibitNumber
    authenticity: bool
    legality: bool
    relevance: bool
    demands_original: bool = False
    reason: Reason = ""


class LetPresent(Value):
    """Let a person present exhibits, or no longer."""

    kind: Literal["let_present"] = "let_present"
    participant_id: PersonRef
    is_allowed: bool


class ShowExhibit(Value):
    """Put a page before the court, or turn to it."""

    kind: Literal["show_exhibit"] = "show_exhibit"
    exhibit: ExhibitNumber
    version: ExhibitNumber
    page: Page = 1


class PlayExhibit(Value):
    """Start, stop or wind the sound or film before the court, for all."""

    kind: Literal["play_exhibit"] = "play_exhibit"
    is_playing: bool
    position_ms: Annotated[int, Field(ge=0, le=86_400_000)]


class PutAway(Value):
    """Take away what stands before the court."""

    kind: Literal["put_away"] = "put_away"


ExhibitCommand = GiveOpinion | LetPresent | ShowExhibit | PlayExhibit | PutAway


# --- what happened --------------------------------------------------------------------------------------------


class ExhibitReceived(Value):
    kind: Literal["exhibit_received"] = "exhibit_received"
    participant_id: ParticipantId
    """Who handed it in."""
    exhibit: int
    version: int
    title: str
    is_original: bool
    file: ExhibitFile


class OpinionGiven(Value):
    kind: Literal["opinion_given"] = "opinion_given"
    participant_id: ParticipantId
    exhibit: int
    authenticity: bool
    legality: bool
    relevance: bool
    demands_original: bool
    reason: str


class PresentingAllowed(Value):
    kind: Literal["presenting_allowed"] = "presenting_allowed"
    participant_id: ParticipantId
    is_allowed: bool


class ExhibitShown(Value):
    """From now on this page stands before the court."""

    kind: Literal["exhibit_shown"] = "exhibit_shown"
    by: ParticipantId
    exhibit: int
    version: int
    page: int


class ExhibitPlayed(Value):
    kind: Literal["exhibit_played"] = "exhibit_played"
    is_playing: bool
    position_ms: int


class ExhibitPutAway(Value):
    kind: Literal["exhibit_put_away"] = "exhibit_put_away"


ExhibitEvent = ExhibitReceived | OpinionGiven | PresentingAllowed | ExhibitShown | ExhibitPlayed | ExhibitPutAway
