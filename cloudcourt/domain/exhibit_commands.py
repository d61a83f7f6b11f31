"""What can be asked about exhibits, and what happened to them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from cloudcourt.domain.exhibits import TITLE_CHARS_LIMIT, ExhibitFile, ExhibitNumber, Sha256
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
    stated_sha256: Sha256 | None = None
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
    """Let a person present exhibits and share their screen, or no longer."""

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


class SetExchange(Value):
    """Say until when parties hand in; None lets them as long as the hearing lasts."""

    kind: Literal["set_exchange"] = "set_exchange"
    ends_at: AwareDatetime | None


class ShareScreen(Value):
    """Show the court one's own screen, on the line that the person's seat has for it."""

    kind: Literal["share_screen"] = "share_screen"


class EndScreen(Value):
    """End the sharing: the person themselves, or the court."""

    kind: Literal["end_screen"] = "end_screen"


ExhibitCommand = GiveOpinion | LetPresent | ShowExhibit | PlayExhibit | PutAway | SetExchange | ShareScreen | EndScreen


# --- what happened --------------------------------------------------------------------------------------------


class ExhibitReceived(Value):
    kind: Literal["exhibit_received"] = "exhibit_received"
    participant_id: ParticipantId
    """Who handed it in."""
    exhibit: int
    version: int
    title: str
    is_original: bool
    stated_sha256: str | None = None
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


class ExchangeSet(Value):
    kind: Literal["exchange_set"] = "exchange_set"
    ends_at: datetime | None


class ScreenShared(Value):
    """From now on the court is shown this person's screen, and it is recorded."""

    kind: Literal["screen_shared"] = "screen_shared"
    participant_id: ParticipantId


class ScreenEnded(Value):
    kind: Literal["screen_ended"] = "screen_ended"
    participant_id: ParticipantId
    """Whose screen it was."""


ExhibitEvent = (
    ExhibitReceived
    | OpinionGiven
    | PresentingAllowed
    | ExhibitShown
    | ExhibitPlayed
    | ExhibitPutAway
    | ExchangeSet
    | ScreenShared
    | ScreenEnded
)
