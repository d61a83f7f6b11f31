"""The rules about exhibits: who hands in, who says what of them, and who puts them before the court."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.exhibit_commands import (
    EndScreen,
    ExchangeSet,
    ExhibitArrived,
    ExhibitPlayed,
    ExhibitPutAway,
    ExhibitReceived,
    ExhibitShown,
    GiveOpinion,
    LetPresent,
    OpinionGiven,
    PlayExhibit,
    PresentingAllowed,
    PutAway,
    ScreenEnded,
    ScreenShared,
    SetExchange,
    ShareScreen,
    ShowExhibit,
)
from cloudcourt.domain.exhibit_errors import (
    ExchangeOver,
    NoSuchExhibit,
    OpinionNeedsReason,
    ScreenTaken,
    TooManyExhibits,
)
from cloudcourt.domain.exhibits import PLAYED, VERSIONS_LIMIT, Exhibit, ExhibitVersion
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, check_sitting, seat_of
from cloudcourt.domain.value import Value


def check_may_hand_in(
    hearing: Hearing, person: Participant, exhibit: int | None, now: datetime, *, is_original: bool = False
) -> Exhibit | None:
    """The exhibit that a file would be a new version of, or None for a new one.

    A version is added by whoever owns the exhibit, or by the court. When the exchange is over the court alone adds,
    and a party the original that was asked for. Raises NotAllowed, WrongState, NoSuchExhibit, TooManyExhibits,
    ExchangeOver.
    """
    if person.state is ParticipantState.REMOVED or not may_now(hearing, person, Permission.SUBMIT_EXHIBITS):
        raise NotAllowed
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    handed_in = sum(version.by == person.id for one in hearing.exhibits.all for version in one.versions)
    if handed_in >= VERSIONS_LIMIT:
        raise TooManyExhibits
    known = None if exhibit is None else _exhibit(hearing, exhibit)
    if may_now(hearing, person, Permission.PRESENT):
        return known
    if known is not None and person.id != known.owner:
        raise NotAllowed
    answers = known is not None and known.original_required and is_original
    ends_at = hearing.exhibits.exchange_ends_at
    if ends_at is not None and now >= ends_at and not answers:
        raise ExchangeOver
    return known


def exhibit_arrived(hearing: Hearing, command: ExhibitArrived, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    known = check_may_hand_in(hearing, person, command.exhibit, asking.now, is_original=command.is_original)
    if known is not None and any(version.file.sha256 == command.file.sha256 for version in known.versions):
        return ()
    received = ExhibitReceived(
        participant_id=person.id,
        exhibit=known.number if known else len(hearing.exhibits.all) + 1,
        version=len(known.versions) + 1 if known else 1,
        title=known.title if known else command.title,
        is_original=command.is_original,
        stated_sha256=command.stated_sha256,
        file=command.file,
    )
    return (received,)


def give_opinion(hearing: Hearing, command: GiveOpinion, asking: Asking) -> Events:
    person = asker(hearing, asking)
    exhibit = _exhibit(hearing, command.exhibit)
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    if exhibit.owner == person.id:
        raise NotAllowed
    accepts = command.authenticity and command.legality and command.relevance and not command.demands_original
    if not accepts and not command.reason:
        raise OpinionNeedsReason
    given = OpinionGiven(participant_id=person.id, **command.model_dump(exclude={"kind"}))
    return (given,)


def let_present(hearing: Hearing, command: LetPresent, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if command.is_allowed and not may_now(hearing, person, Permission.ASK_TO_PRESENT):
        raise NotAllowed
    return allowed(hearing, person, is_allowed=command.is_allowed)


def allowed(hearing: Hearing, person: Participant, *, is_allowed: bool) -> Events:
    """A person may present from now on, or no longer; what they show is then taken away."""
    if (person.id in hearing.exhibits.presenters) is is_allowed:
        return ()
    granted: Events = (PresentingAllowed(participant_id=person.id, is_allowed=is_allowed),)
    if is_allowed:
        return granted
    showing = hearing.exhibits.showing
    put_away: Events = (ExhibitPutAway(),) if showing is not None and showing.by == person.id else ()
    ended: Events = (ScreenEnded(participant_id=person.id),) if hearing.exhibits.screen == person.id else ()
    return granted + put_away + ended


def show_exhibit(hearing: Hearing, command: ShowExhibit, asking: Asking) -> Events:
    person = _presenter(hearing, asking)
    check_sitting(hearing)
    version = _exhibit(hearing, command.exhibit).version(command.version)
    if version is None or command.page > _pages(version):
        raise NoSuchExhibit
    showing = hearing.exhibits.showing
    wanted = (command.exhibit, command.version, command.page)
    if showing is not None and (showing.exhibit, showing.version, showing.page) == wanted:
        return ()
    return (ExhibitShown(by=person.id, **command.model_dump(exclude={"kind"})),)


def play_exhibit(hearing: Hearing, command: PlayExhibit, asking: Asking) -> Events:
    _presenter(hearing, asking)
    showing = hearing.exhibits.showing
    shown = None if showing is None else _exhibit(hearing, showing.exhibit).version(showing.version)
    if shown is None or shown.file.kind not in PLAYED:
        raise NoSuchExhibit
    return (ExhibitPlayed(is_playing=command.is_playing, position_ms=command.position_ms),)


def put_away(hearing: Hearing, command: PutAway, asking: Asking) -> Events:
    _presenter(hearing, asking)
    return (ExhibitPutAway(),) if hearing.exhibits.showing is not None else ()


def set_exchange(hearing: Hearing, command: SetExchange, asking: Asking) -> Events:
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    is_same = command.ends_at == hearing.exhibits.exchange_ends_at
    return () if is_same else (ExchangeSet(ends_at=command.ends_at),)


def share_screen(hearing: Hearing, command: ShareScreen, asking: Asking) -> Events:
    """One grant covers exhibits and screens: both put something of the person's choice before the court."""
    person = _presenter(hearing, asking)
    check_sitting(hearing)
    if hearing.exhibits.screen not in (None, person.id):
        raise ScreenTaken
    return () if hearing.exhibits.screen == person.id else (ScreenShared(participant_id=person.id),)


def end_screen(hearing: Hearing, command: EndScreen, asking: Asking) -> Events:
    person = asker(hearing, asking)
    sharing = hearing.exhibits.screen
    if sharing is not None and sharing != person.id and not may_now(hearing, person, Permission.ANSWER_REQUESTS):
        raise NotAllowed
    return () if sharing is None else (ScreenEnded(participant_id=sharing),)


def may_present(hearing: Hearing, person: Participant) -> bool:
    """True for the court's own people, and for whom the court lets: they must be in court."""
    may = may_now(hearing, person, Permission.PRESENT) or person.id in hearing.exhibits.presenters
    return may and person.sits_in_court


def _presenter(hearing: Hearing, asking: Asking) -> Participant:
    person = asker(hearing, asking)
    if person.state is not ParticipantState.IN_COURT:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    if not may_present(hearing, person):
        raise NotAllowed
    return person


def _pages(version: ExhibitVersion) -> int:
    """A sound has no picture, but it stands before the court all the same."""
    return max(1, version.file.pages)


def _exhibit(hearing: Hearing, number: int) -> Exhibit:
    exhibit = hearing.exhibits.get(number)
    if exhibit is None:
        raise NoSuchExhibit
    return exhibit


NEEDED: dict[type[Value], Permission] = {
    GiveOpinion: Permission.GIVE_OPINION,
    LetPresent: Permission.ANSWER_REQUESTS,
    SetExchange: Permission.ANSWER_REQUESTS,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ExhibitArrived: exhibit_arrived,
    GiveOpinion: give_opinion,
    LetPresent: let_present,
    ShowExhibit: show_exhibit,
    PlayExhibit: play_exhibit,
    PutAway: put_away,
    SetExchange: set_exchange,
    ShareScreen: share_screen,
    EndScreen: end_screen,
}
