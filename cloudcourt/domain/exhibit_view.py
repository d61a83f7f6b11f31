"""Exhibits as one participant may know them."""

from datetime import datetime

from cloudcourt.domain.configurations import is_included, share_the_court
from cloudcourt.domain.events import Event
from cloudcourt.domain.exhibit_commands import (
    ExchangeSet,
    ExhibitPlayed,
    ExhibitPutAway,
    ExhibitReceived,
    ExhibitShown,
    OpinionGiven,
    PresentingAllowed,
    ScreenEnded,
    ScreenShared,
)
from cloudcourt.domain.exhibit_rules import may_present
from cloudcourt.domain.exhibits import Exhibit, ExhibitFile, Showing
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.value import Value


class ExhibitsView(Value):
    """What the page shows of exhibits."""

    all: tuple[Exhibit, ...]
    """The court and the parties see every exhibit; others in court the one that stands before it, without opinions."""
    presenters: tuple[ParticipantId, ...]
    showing: Showing | None
    screen: ParticipantId | None = None
    """Whose screen the court is shown."""
    exchange_ends_at: datetime | None = None
    may_present: bool


def exhibits_view(hearing: Hearing, you: Participant) -> ExhibitsView:
    """What `you` may know of them. Someone who was removed, or kept out of the court as arranged, sees none shown."""
    exhibits = hearing.exhibits
    showing = exhibits.showing if sees_what_is_shown(hearing, you) else None
    reads = _reads(hearing, you)
    shown = None if showing is None else exhibits.get(showing.exhibit)
    return ExhibitsView(
        all=exhibits.all if reads else (_as_shown(shown, showing),) if shown and showing else (),
        presenters=exhibits.presenters if reads else (),
        showing=showing,
        screen=_screen(hearing, you),
        exchange_ends_at=exhibits.exchange_ends_at if reads else None,
        may_present=may_present(hearing, you),
    )


def sees_what_is_shown(hearing: Hearing, person: Participant) -> bool:
    """True for those who sit in court as it is arranged now."""
    return person.sits_in_court and is_included(hearing, person)


def readable_file(hearing: Hearing, person: Participant, sha256: str) -> ExhibitFile | None:
    """The file of that hash, if the person may read it now."""
    found = {
        version.file.sha256: version.file
        for exhibit in exhibits_view(hearing, person).all
        for version in exhibit.versions
    }
    return None if person.is_isolated else found.get(sha256)


def may_know_exhibit_event(hearing: Hearing, viewer: Participant, event: Event) -> bool:
    """Whatever is done before the court is known there; the rest to the court and the parties."""
    if isinstance(event, ExhibitReceived | OpinionGiven | PresentingAllowed | ExchangeSet):
        return _reads(hearing, viewer)
    return _reads(hearing, viewer) or sees_what_is_shown(hearing, viewer)


EXHIBIT_EVENTS = (
    ExhibitReceived,
    OpinionGiven,
    PresentingAllowed,
    ExhibitShown,
    ExhibitPlayed,
    ExhibitPutAway,
    ExchangeSet,
    ScreenShared,
    ScreenEnded,
)


def _screen(hearing: Hearing, you: Participant) -> ParticipantId | None:
    """Whose screen there is, unless the court as it is arranged shuts out that person, or `you`."""
    sharing = hearing.exhibits.screen
    if sharing is None or not you.sits_in_court or not share_the_court(hearing, you, hearing.participants[sharing]):
        return None
    return sharing


def _reads(hearing: Hearing, person: Participant) -> bool:
    return person.state is not ParticipantState.REMOVED and may_now(hearing, person, Permission.READ_EXHIBITS)


def _as_shown(exhibit: Exhibit, showing: Showing) -> Exhibit:
    versions = tuple(version for version in exhibit.versions if version.number == showing.version)
    return exhibit.model_copy(update={"versions": versions, "opinions": ()})
