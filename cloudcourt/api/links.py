"""Join links: made for a person of a hearing, shown once."""

import asyncio
from datetime import timedelta

from cloudcourt.api import caller
from cloudcourt.api.access import Who
from cloudcourt.api.answers import LinkDetail, Nothing
from cloudcourt.api.routes import Body, Call
from cloudcourt.domain.errors import NoSuchPerson
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import StaffMember


async def person_in(call: Call[Nothing, StaffMember]) -> tuple[Hearing, Participant]:
    """The hearing and the person in the path. Raises NotFound, NoSuchPerson."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    person = hearing.participants.get(ParticipantId(call.named("participant_id")))
    if person is None:
        raise NoSuchPerson
    return hearing, person


async def new_link(call: Call[Body, Who], hearing: Hearing, person: Participant) -> LinkDetail:
    """A fresh link; the person's earlier one stops working."""
    house = call.house
    # A link that is renewed after the day, to hear the record, is good for as long as a new one.
    expires_at = max(hearing.scheduled_at, house.clock.now()) + timedelta(days=house.link_days)
    token = await house.links.issue(hearing.id, person.id, expires_at=expires_at)
    url = f"{(house.public_url or caller.base_url(call.request)).rstrip('/')}/join#{token}"
    return LinkDetail(
        participant_id=person.id,
        role=person.role,
        name=person.name,
        url=url,
        qr_svg=await asyncio.to_thread(house.qr_svg, url),
        expires_at=expires_at,
    )
