"""Inputs made from good ones by chance: the same ones for the same seed."""

import random
from collections.abc import Iterator, Sequence

_TELLING = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\x01",
    b"\xbe\xde",
    b"\x10\x00",
    b"\x00\x00",
    b"\xff\xff",
    b"\x9f\x9f",
)


def mutants(seed: int, count: int, good: Sequence[bytes]) -> Iterator[bytes]:
    """Bits, bytes and pieces changed, left out, doubled, swapped between inputs, cut off; sometimes nothing is good."""
    dice = random.Random(seed)
    for number in range(count):
        if number % 50 == 0:
            yield dice.randbytes(dice.randint(0, 80))
            continue
        content = bytearray(dice.choice(good))
        for _ in range(dice.choice((1, 1, 2, 3, 5))):
            _change(content, good, dice)
        yield bytes(content)


def _change(content: bytearray, good: Sequence[bytes], dice: random.Random) -> None:
    # Headers are short and at the front: half of the changes go there.
    at = dice.randrange(len(content) + 1) if dice.random() < 0.5 else dice.randrange(min(len(content), 32) + 1)
    match dice.randrange(7):
        case 0 if at < len(content):
            content[at] ^= 1 << dice.randrange(8)
        case 1 if at < len(content):
            content[at] = dice.randrange(256)
        case 2:
            told = dice.choice(_TELLING)
            content[at : at + len(told)] = told
        case 3:
            del content[at : at + dice.randint(1, 16)]
        case 4:
            content[at:at] = content[at : at + dice.randint(1, 40)]
        case 5:
            other = dice.choice(good)
            piece = dice.randrange(len(other) + 1)
            content[at : at + 24] = other[piece : piece + 24]
        case _:
            del content[at:]
