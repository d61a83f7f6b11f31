"""A case and a hearing in a store, ready for a test."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cloudcourt.domain.case import Case, NewCase, PersonEntry
from cloudcourt.domain.events import HearingScheduled, StoredEvent
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.roles import Role
from cloudcourt.store.store import Store

MORNING = datetime(2026, 11, 24, 1, 0, 0, 123456, tzinfo=UTC)
"""09:00 in the courthouse."""

PEOPLE = (
    PersonEntry(role=Role.JUDGE, name="赵法官"),
    PersonEntry(role=Role.CLERK, name="钱书记"),
    PersonEntry(role=Role.PLAINTIFF, name="孙原告"),
    PersonEntry(role=Role.WITNESS, name="Wu Zheng"),
)


@dataclass(frozen=True)
class Sitting:
    """A scheduled hearing; `people` by role, because each role is taken once."""

    case: Case
    hearing_id: HearingId
    founding: StoredEvent
    people: dict[Role, ParticipantId]


async def schedule(
    store: Store,
    case_number: str = "（2026）粤0192民初1号",
    retention: RetentionClass = RetentionClass.PERMANENT,
) -> Sitting:
    """Open a case file and schedule one hearing of it."""
    new_case = NewCase(case_number=case_number, cause="网络服务合同纠纷", people=PEOPLE)
    case = await store.cases.add_case(new_case, at=MORNING)
    (founding,) = await store.cases.add_hearing(case, MORNING, at=MORNING, actor="staff:clerk", retention=retention)
    assert isinstance(founding.event, HearingScheduled)
    people = {person.role: person.id for person in founding.event.people}
    return Sitting(case, founding.hearing_id, founding, people)
