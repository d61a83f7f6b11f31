"""Who is shown to one viewer, and in which layer, when the link can't carry everything. Pure.

Sound comes first and is never weighed. Then everybody gets the lowest layer in order of rank, and then layer by
layer what is left.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role

HEADROOM = 1.25
"""What the link must carry, beyond what we would send, before we send more than we do.

More than 1.1 / 0.9, so that an estimate that swings by a tenth to either side can't raise and lower a layer in turn.
"""
WANTED = 1.05 * HEADROOM
"""Of all at its best: what an estimate must come near to before it is no longer probed for more."""


class Layer(NamedTuple):
    bits_per_s: int
    height: int
    """In pixels."""


class Picture(NamedTuple):
    """A person's video as one viewer could be sent it."""

    source: ParticipantId
    rank: int
    """0 is the last to lose."""
    layers: tuple[Layer, ...]
    """Lowest first; empty while the source sends none."""
    is_stalled: bool = False
    """Nothing comes at present: kept at its lowest layer, so that it costs nobody anything when it comes back."""


class Allocation(NamedTuple):
    layers: dict[ParticipantId, int | None]
    """The layer of each picture; None is not shown."""
    bits_per_s: int
    """What it takes, sound included."""
    wanted_bits_per_s: int
    """What the link would have to carry to show everything at its best."""


def rank_of(role: Role, is_speaker: bool) -> int:
    """Judge and active speaker are the last to lose, those who only watch the first."""
    if is_speaker or role is Role.JUDGE:
        return 0
    return 2 if role is Role.OBSERVER else 1


def allocate(
    budget_bits_per_s: int,
    audio_bits_per_s: int,
    pictures: Sequence[Picture],
    previous: Mapping[ParticipantId, int | None],
) -> Allocation:
    """Share a link's bits per second. Pictures of equal rank go in the order given.

    `previous` is the last outcome: to lower is immediate, to raise needs HEADROOM, unless the bits come from others
    or the picture is new. Nobody is shown while someone of a better rank is hidden for want of bits.
    """
    ranked = sorted(pictures, key=lambda picture: picture.rank)
    purse = _Purse(budget_bits_per_s, audio_bits_per_s, _spent(audio_bits_per_s, pictures, previous))
    layers: dict[ParticipantId, int | None] = {picture.source: None for picture in pictures}
    hidden_rank: int | None = None
    for picture in ranked:
        if not picture.layers or (hidden_rank is not None and picture.rank > hidden_rank):
            continue
        before = previous.get(picture.source, 0)
        if purse.pays(picture.layers[0].bits_per_s, is_raise=before is None):
            layers[picture.source] = 0
        else:
            hidden_rank = picture.rank
    for layer in range(1, max((len(picture.layers) for picture in pictures), default=0)):
        for picture in ranked:
            if layers[picture.source] == layer - 1 and layer < _choice(picture):
                before = previous.get(picture.source)
                step = picture.layers[layer].bits_per_s - picture.layers[layer - 1].bits_per_s
                if purse.pays(step, is_raise=before is None or before < layer):
                    layers[picture.source] = layer
    return Allocation(layers, purse.spent, _wanted(audio_bits_per_s, pictures, layers, purse.spent))


class _Purse:
    def __init__(self, budget: int, audio: int, spent_before: int) -> None:
        self.spent = audio
        self._budget = budget
        self._for_raises = max(int(budget / HEADROOM), min(budget, spent_before))

    def pays(self, bits_per_s: int, *, is_raise: bool) -> bool:
        """Whether there was enough; then it is spent."""
        if self.spent + bits_per_s > (self._for_raises if is_raise else self._budget):
            return False
        self.spent += bits_per_s
        return True


def _choice(picture: Picture) -> int:
    """How many layers may be chosen from."""
    return min(1, len(picture.layers)) if picture.is_stalled else len(picture.layers)


def _spent(audio: int, pictures: Sequence[Picture], layers: Mapping[ParticipantId, int | None]) -> int:
    """What the layers take at today's rates."""
    spent = audio
    for picture in pictures:
        layer = layers.get(picture.source)
        if layer is not None and picture.layers:
            spent += picture.layers[min(layer, len(picture.layers) - 1)].bits_per_s
    return spent


def _wanted(audio: int, pictures: Sequence[Picture], layers: Mapping[ParticipantId, int | None], spent: int) -> int:
    best = {picture.source: _choice(picture) - 1 for picture in pictures if picture.layers}
    if all(layers[source] == layer for source, layer in best.items()):
        return spent
    return int(_spent(audio, pictures, best) * WANTED)
