"""One hearing's connections over time: what pages, sockets and media tell, for those who keep order."""

import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import structlog

from cloudcourt.court.bench import Bench
from cloudcourt.domain.connectivity import (
    Diagnosis,
    Incident,
    Leaving,
    LinkEnd,
    PageCondition,
    Sample,
    classify,
    leaving,
)
from cloudcourt.domain.courtrooms import Trouble
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.ports import MediaWeather
from cloudcourt.domain.roles import Permission

log = structlog.get_logger()

EVERY_S = 10.0
"""A sample is kept when something changed, and at least so often."""

SAMPLES_LIMIT = 240
"""Per person in memory: some forty minutes of a quiet connection."""

INCIDENTS_LIMIT = 20
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of an incident's number: none that can be misread or misheard as another."""


class Connectivity:
    """Keeps the newest samples in memory, and hands all of them on to the condition log."""

    def __init__(self, bench: Bench, hearing_now: Callable[[], Hearing]) -> None:
        self._bench = bench
        self._hearing_now = hearing_now
        self._samples: dict[ParticipantId, deque[Sample]] = defaultdict(lambda: deque(maxlen=SAMPLES_LIMIT))
        self._incidents: deque[Incident] = deque(maxlen=INCIDENTS_LIMIT)
        self._unkept: list[Sample | Incident] = []

    def linked(self, participant_id: ParticipantId) -> None:
        """The person's page has a link to the court."""
        self._note(participant_id, is_linked=True, ended=None)

    def unlinked(self, participant_id: ParticipantId, ended: LinkEnd) -> None:
        """The page's link has ended."""
        self._note(participant_id, is_linked=False, ended=ended, path="none")

    def page_says(self, participant_id: ParticipantId, condition: PageCondition) -> None:
        self._note(participant_id, **condition.model_dump())

    def hears(self, weather: MediaWeather) -> None:
        """The media plane's news of everyone's connection."""
        for link in weather.people:
            if link.participant_id in self._samples:
                loss = max(link.loss_up_percent, link.loss_down_percent)
                path = link.transport if link.connected else "none"
                self._note(link.participant_id, path=path, rtt_ms=link.rtt_ms, loss_percent=round(loss, 1))

    def diagnosed(self, participant_id: ParticipantId, diagnosis: Diagnosis) -> str:
        """A page's diagnosis has come in; the number under which the desk finds it."""
        number = "".join(secrets.choice(LETTERS) for _ in range(6))
        incident = Incident(
            number=number, at=self._bench.clock.now(), participant_id=participant_id, diagnosis=diagnosis
        )
        self._incidents.append(incident)
        self._unkept.append(incident)
        log.info("diagnosis", incident=number, link=diagnosis.link, media=diagnosis.media, path=diagnosis.path)
        return number

    def leaving(self, participant_id: ParticipantId) -> Leaving | None:
        """How somebody whose link is gone went; None while nothing is known."""
        return leaving(list(self._samples.get(participant_id, ())))

    def of(self, viewer: ParticipantId, participant_id: ParticipantId) -> dict[str, object]:
        """One person's samples, finding and incidents. Raises NotAllowed for anyone who doesn't keep order."""
        if not self._keeps_order(viewer):
            raise NotAllowed
        samples = self._samples.get(participant_id, ())
        finding = classify(list(samples))
        return {
            "samples": [sample.model_dump(mode="json", exclude={"participant_id"}) for sample in samples],
            "finding": None if finding is None else finding.model_dump(mode="json"),
            "incidents": [
                each.model_dump(mode="json") for each in self._incidents if each.participant_id == participant_id
            ],
        }

    def told(self, viewer: ParticipantId) -> dict[str, object]:
        """The part of the weather message about connections: findings that aren't fine, and incidents; else nothing."""
        if not self._keeps_order(viewer):
            return {}
        return {
            "findings": [trouble.model_dump(mode="json") for trouble in self.trouble()],
            "incidents": [each.model_dump(mode="json", exclude={"diagnosis"}) for each in self._incidents],
        }

    def trouble(self) -> tuple[Trouble, ...]:
        """Everyone whose connection isn't fine now."""
        findings = {who: classify(list(samples)) for who, samples in self._samples.items()}
        return tuple(
            Trouble(participant_id=who, **dict(finding))
            for who, finding in findings.items()
            if finding is not None and finding.kind != "fine"
        )

    async def keep(self) -> None:
        """Hand on what is not kept yet; a full disk costs samples, never the hearing."""
        entries, self._unkept = self._unkept, []
        if not entries:
            return
        try:
            await self._bench.conditions.keep(self._hearing_now().id, entries)
        except OSError:
            log.warning("samples lost", count=len(entries))

    def _note(self, participant_id: ParticipantId, **news: Any) -> None:
        now = self._bench.clock.now()
        own = self._samples[participant_id]
        before = own[-1] if own else Sample(at=now, participant_id=participant_id, is_linked=False)
        sample = before.model_copy(update={**news, "at": now})
        is_new = not own or _turns(sample) != _turns(before)
        if is_new or (now - before.at).total_seconds() >= EVERY_S:
            own.append(sample)
            self._unkept.append(sample)

    def _keeps_order(self, viewer: ParticipantId) -> bool:
        hearing = self._hearing_now()
        person = hearing.participants.get(viewer)
        return person is not None and person.sits_in_court and may_now(hearing, person, Permission.MUTE_OTHERS)


def _turns(sample: Sample) -> tuple[object, ...]:
    """What is worth a sample of its own as soon as it changes."""
    return sample.is_linked, sample.ended, sample.hidden, sample.microphone, sample.moving, sample.path, sample.is_weak
