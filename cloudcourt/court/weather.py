"""What each person in court is told of the media once a second: weather, never the truth of record. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from cloudcourt.domain.configurations import share_the_court
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.ports import LinkWeather, MediaWeather
from cloudcourt.domain.recording import DiskSpace
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.speech_time import SpeechTime

FRESH_FOR_S = 3.0
"""Older news of the media is no news."""


class LatestNews(NamedTuple):
    """What the media plane told last, and when (seconds of a clock that never goes back)."""

    weather: MediaWeather | None = None
    heard_at: float = 0.0

    def at(self, now: float) -> MediaWeather | None:
        """The news while they are fresh."""
        return self.weather if now - self.heard_at < FRESH_FOR_S else None


def weather_for(
    hearing: Hearing,
    viewer_id: ParticipantId,
    media: MediaWeather | None,
    disk: DiskSpace | None = None,
    written: dict[str, object] | None = None,
    speech: SpeechTime | None = None,
) -> dict[str, object] | None:
    """The part of the weather message that depends on who is told; None for anyone in neither court nor room.

    Everyone is told who speaks, which pictures are not sent to them, and how their own link does. Those who
    keep order (who may mute others) are told how every link in court does, how much room the record has, and what was
    `written` of everyone's sound; who presides, how long each party has spoken. `media`, `disk`, `written` and
    `speech` are None while nothing is known.
    """
    viewer = hearing.participants[viewer_id]
    if not viewer.sits_in_court and viewer.stay is None:
        return None
    media = media or MediaWeather()
    near = frozenset(person.id for person in _near(hearing, viewer))
    links = {link.participant_id: link for link in media.people}
    told: dict[str, object] = {
        "speaker": media.speaker if media.speaker in near else None,
        "paused": [
            {"participant_id": paused.source, "reason": paused.reason}
            for paused in media.paused
            if paused.viewer == viewer_id and paused.source in near
        ],
        "link": _shown(links.get(viewer_id)),
    }
    if may_now(hearing, viewer, Permission.MUTE_OTHERS) and viewer.sits_in_court:
        told["links"] = [_shown(_link(person, links)) for person in _in_court(hearing)] if links else []
        told["disk"] = None if disk is None else disk.model_dump(mode="json")
        told["written"] = written
    if may_now(hearing, viewer, Permission.CLOSE) and viewer.sits_in_court:
        told["speech"] = None if speech is None else speech.model_dump(mode="json")
    return told


def _in_court(hearing: Hearing) -> list[Participant]:
    return [person for person in hearing.seating if person.sits_in_court]


def _near(hearing: Hearing, viewer: Participant) -> Iterable[Participant]:
    """Who is in the same space: one private room, or the courtroom as it is arranged, if the viewer takes part."""
    if viewer.stay is not None:
        return hearing.members(viewer.stay.room_id)
    return [p for p in _in_court(hearing) if share_the_court(hearing, viewer, p)]


def _link(person: Participant, links: dict[ParticipantId, LinkWeather]) -> LinkWeather:
    """Whoever sits in court and isn't named has no connection."""
    return links.get(person.id) or LinkWeather(participant_id=person.id, connected=False)


def _shown(link: LinkWeather | None) -> dict[str, object] | None:
    return None if link is None else link.model_dump(mode="json")
