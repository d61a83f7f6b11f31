"""What somebody may do to a judge's orders beside a record, and which findings must name it."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import canonical
from media.verifier.orders import ORDERS_FILE

Tampering = Callable[[list[bytes], list[bytes], random.Random], tuple[list[bytes], set[str]]]


def tamper_orders(way: Tampering, folder: Path, other: Path, chance: random.Random) -> set[str]:
    """Tamper with a folder's orders, with another record's at hand; the items that a verifier must name."""
    ours, theirs = ((path / ORDERS_FILE).read_bytes().splitlines(keepends=True) for path in (folder, other))
    lines, named = way(ours, theirs, chance)
    (folder / ORDERS_FILE).write_bytes(b"".join(lines))
    return named


def _from(number: int, last: int) -> set[str]:
    return {f"order {each}" for each in range(number, last + 1)}


def flip_order(ours: list[bytes], _theirs: list[bytes], chance: random.Random) -> tuple[list[bytes], set[str]]:
    """One bit of one order; the next one is not chained to it any more."""
    at = chance.randrange(len(ours))
    line = bytearray(ours[at])
    place = chance.randrange(len(line) - 1)
    line[place] ^= 1 << chance.choice([bit for bit in range(8) if line[place] ^ 1 << bit != 10])
    return [*ours[:at], bytes(line), *ours[at + 1 :]], _from(at + 1, min(at + 2, len(ours)))


def drop_order(ours: list[bytes], _theirs: list[bytes], chance: random.Random) -> tuple[list[bytes], set[str]]:
    """Any but the last, of which nothing tells any more."""
    at = chance.randrange(len(ours) - 1)
    return [*ours[:at], *ours[at + 1 :]], _from(at + 1, len(ours) - 1)


def swap_orders(ours: list[bytes], _theirs: list[bytes], _chance: random.Random) -> tuple[list[bytes], set[str]]:
    return [ours[1], ours[0], *ours[2:]], _from(1, 3)


def cut_order(ours: list[bytes], _theirs: list[bytes], chance: random.Random) -> tuple[list[bytes], set[str]]:
    return [*ours[:-1], ours[-1][: -chance.randint(1, len(ours[-1]) - 1)]], {ORDERS_FILE}


def replay_order(ours: list[bytes], theirs: list[bytes], chance: random.Random) -> tuple[list[bytes], set[str]]:
    """Another hearing's order in the place of one of this, signed by the same court."""
    at = chance.randrange(len(ours))
    return [*ours[:at], theirs[at], *ours[at + 1 :]], _from(at + 1, min(at + 2, len(ours)))


def forge_order(ours: list[bytes], _theirs: list[bytes], chance: random.Random) -> tuple[list[bytes], set[str]]:
    """The last one says something else, chained as it should be and signed with another key."""
    entry = json.loads(ours[-1])["entry"] | {"reason": f"{chance.random()}"}
    return [*ours[:-1], _forged(entry)], _from(len(ours), len(ours))


def add_order(ours: list[bytes], _theirs: list[bytes], _chance: random.Random) -> tuple[list[bytes], set[str]]:
    """A release that no judge gave."""
    previous = hashlib.sha256(ours[-1][:-1]).hexdigest()
    entry = json.loads(ours[-1])["entry"] | {"n": len(ours) + 1, "previous": previous, "kind": "released"}
    return [*ours, _forged(entry)], _from(len(ours) + 1, len(ours) + 1)


def _forged(entry: dict[str, object]) -> bytes:
    signature = Ed25519PrivateKey.generate().sign(canonical(entry)).hex()
    return canonical({"court_signature": signature, "entry": entry}) + b"\n"


ORDER_WAYS: tuple[Tampering, ...] = (
    flip_order,
    drop_order,
    swap_orders,
    cut_order,
    replay_order,
    forge_order,
    add_order,
)
