"""Whose voices a mix is made of, read from the routing and nothing else, and the line that it goes out on."""

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import Routing
from media.mix.mixed_sound import MixedSound
from media.peer import Peer

FULL, LOW = 1.0, 0.2
"""As a browser plays sounds that come each for itself."""


def voices_of(routing: Routing, listener: ParticipantId) -> dict[ParticipantId, float]:
    """Exactly those whose sound flows to this listener, and how loud."""
    heard = [flow for flow in routing.flows if flow.listener == listener and flow.kind == "audio"]
    return {flow.source: LOW if flow in routing.low else FULL for flow in heard}


def send_mixed(viewer: Peer, sound: MixedSound, routing: Routing) -> None:
    """Send the mix on the line of somebody who is in it, on the same one while they are; the other sounds stop.

    A page plays the line of whoever it shows, and it shows whoever it may hear.
    """
    voices = voices_of(routing, viewer.id)
    lines = {source: line for (source, kind), line in viewer.subscriptions.items() if kind == "audio"}
    able = [source for source in lines if source in voices]
    chosen = next((source for source in able if lines[source].publication is sound), next(iter(able), None))
    for source, line in lines.items():
        if source != chosen:
            line.attach(None)
    if chosen is not None:
        lines[chosen].attach(sound)


def is_sent_a_mix(viewer: Peer) -> bool:
    """True while a line of theirs carries a mix."""
    return any(isinstance(line.publication, MixedSound) for line in viewer.subscriptions.values())
