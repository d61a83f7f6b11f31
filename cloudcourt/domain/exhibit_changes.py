"""What events about exhibits change: the list, the opinions, and what stands before the court."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain import exhibit_commands as happened
from cloudcourt.domain.exhibit_rules import may_present
from cloudcourt.domain.exhibits import Exhibit, Exhibits, ExhibitVersion, Opinion, PageShown, ScreenShown, Showing
from cloudcourt.domain.hearing import COURT_SITS, Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Change = dict[str, Any]


def followed(hearing: Hearing, at: datetime) -> Hearing:
    """With the hearing ends whatever stood before the court; a screen when the court or its person rises."""
    if hearing.is_over and hearing.exhibits.showing is not None:
        hearing = hearing.model_copy(update=_put_away(hearing, happened.ExhibitPutAway(), at))
    sharing = hearing.exhibits.screen
    if sharing is not None and not _may_go_on(hearing, sharing):
        hearing = hearing.model_copy(update=_screen_ended(hearing, happened.ScreenEnded(participant_id=sharing), at))
    return hearing


def _may_go_on(hearing: Hearing, sharing: ParticipantId) -> bool:
    person = hearing.participants.get(sharing)
    return hearing.session in COURT_SITS and person is not None and may_present(hearing, person)


def _received(hearing: Hearing, event: happened.ExhibitReceived, at: datetime) -> Change:
    version = ExhibitVersion(
        number=event.version,
        file=event.file,
        by=event.participant_id,
        at=at,
        is_original=event.is_original,
        stated_sha256=event.stated_sha256,
    )
    known = hearing.exhibits.get(event.exhibit)
    if known is None:
        first = Exhibit(number=event.exhibit, owner=event.participant_id, title=event.title, versions=(version,))
        return _with(hearing, all=(*hearing.exhibits.all, first))
    still_required = known.original_required and not event.is_original
    return _exhibit_with(hearing, event.exhibit, versions=(*known.versions, version), original_required=still_required)


def _opinion_given(hearing: Hearing, event: happened.OpinionGiven, at: datetime) -> Change:
    exhibit = hearing.exhibits.get(event.exhibit)
    if exhibit is None:
        return {}
    opinion = Opinion(at=at, **event.model_dump(exclude={"kind", "exhibit"}))
    others = tuple(each for each in exhibit.opinions if each.participant_id != event.participant_id)
    required = exhibit.original_required or event.demands_original
    return _exhibit_with(hearing, event.exhibit, opinions=(*others, opinion), original_required=required)


def _presenting_allowed(hearing: Hearing, event: happened.PresentingAllowed, at: datetime) -> Change:
    others = tuple(each for each in hearing.exhibits.presenters if each != event.participant_id)
    return _with(hearing, presenters=(*others, event.participant_id) if event.is_allowed else others)


def _shown(hearing: Hearing, event: happened.ExhibitShown, at: datetime) -> Change:
    place = event.model_dump(include={"exhibit", "version", "page"})
    showing = Showing(by=event.by, moved_at=at, **place)
    return _with(hearing, showing=showing, shown=(*_ended(hearing.exhibits, at), PageShown(began_at=at, **place)))


def _played(hearing: Hearing, event: happened.ExhibitPlayed, at: datetime) -> Change:
    if hearing.exhibits.showing is None:
        return {}
    moved = {"is_playing": event.is_playing, "position_ms": event.position_ms, "moved_at": at}
    return _with(hearing, showing=hearing.exhibits.showing.model_copy(update=moved))


def _put_away(hearing: Hearing, event: happened.ExhibitPutAway, at: datetime) -> Change:
    return _with(hearing, showing=None, shown=_ended(hearing.exhibits, at))


def _exchange_set(hearing: Hearing, event: happened.ExchangeSet, at: datetime) -> Change:
    return _with(hearing, exchange_ends_at=event.ends_at)


def _screen_shared(hearing: Hearing, event: happened.ScreenShared, at: datetime) -> Change:
    span = ScreenShown(participant_id=event.participant_id, began_at=at)
    return _with(hearing, screens=(*hearing.exhibits.screens, span))


def _screen_ended(hearing: Hearing, event: happened.ScreenEnded, at: datetime) -> Change:
    *earlier, last = hearing.exhibits.screens
    return _with(hearing, screens=(*earlier, last.model_copy(update={"ended_at": at})))


def _ended(exhibits: Exhibits, at: datetime) -> tuple[PageShown, ...]:
    if not exhibits.shown or exhibits.shown[-1].ended_at is not None:
        return exhibits.shown
    return (*exhibits.shown[:-1], exhibits.shown[-1].model_copy(update={"ended_at": at}))


def _exhibit_with(hearing: Hearing, number: int, **facts: object) -> Change:
    changed = (each.model_copy(update=facts) if each.number == number else each for each in hearing.exhibits.all)
    return _with(hearing, all=tuple(changed))


def _with(hearing: Hearing, **facts: object) -> Change:
    return {"exhibits": hearing.exhibits.model_copy(update=facts)}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    happened.ExhibitReceived: _received,
    happened.OpinionGiven: _opinion_given,
    happened.PresentingAllowed: _presenting_allowed,
    happened.ExhibitShown: _shown,
    happened.ExhibitPlayed: _played,
    happened.ExhibitPutAway: _put_away,
    happened.ExchangeSet: _exchange_set,
    happened.ScreenShared: _screen_shared,
    happened.ScreenEnded: _screen_ended,
}
