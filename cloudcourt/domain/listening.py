"""Taking part by sound only: a person's own choice, for a slow link or a weak device. Values only."""

from typing import Literal

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value


class ListenOnly(Value):
    """Be sent no pictures, and everyone's sound as one; or, with False, each for itself again."""

    kind: Literal["listen_only"] = "listen_only"
    sound_only: bool


class ListeningChanged(Value):
    kind: Literal["listening_changed"] = "listening_changed"
    participant_id: ParticipantId
    sound_only: bool
